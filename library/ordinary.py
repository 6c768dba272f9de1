"""Words that give nobody away by themselves, beside those that do."""

from __future__ import annotations

COMPANY_FORMS = frozenset(
    "ag sa se nv bv ab as asa inc llc llp ltd plc co corp gmbh kg ohg oy oyj spa srl sarl sas pty pte limited group "
    "gruppe grupo gruppo groupe holding holdings company corporation incorporated the of and und et de del della di "
    "der die das y e og och la le el".split()
)
ORDINARY = frozenset(
    # Trades
    "bank banco banking bancshare insurance assurance seguro mutual hospital clinic klinik klinikverbund health "
    "healthcare care helse food dairy bakery retail store supermarket shop logistic logistik freight transport "
    "transporte construction builder building road bridge water power energy electric gas oil law legal hotel hotele "
    "resort restaurant kitchen cafe coffee pump pumpen foundry steel metal alloy machine machinery tool press print "
    "fish seafood meat farm fruit wine beer brewery textile fashion shoe furniture wood timber glass stone brick paper "
    "packaging plastic chemical pharma medicine medical dental device electronic car auto motor truck rail air marine "
    "shipping port travel tour media publishing book music film game sport school academy college university "
    "foundation trust charity ministry landesministerium kommune sparkasse council city county state town district "
    "police fire civil defence housing property estate scaffolding plumbing heating roofing painting cleaning security "
    "staffing payroll audit finance financial capital credit union saving loan lease leasing invest investment asset "
    "wealth pension technology software data digital cloud network telecom mobile engineering consulting consultancy "
    "beratung solution service system industry industrial supply supplie product production manufacturing wholesale "
    "distribution trading trade import export works work plant factory brand home house office warehouse depot centre "
    "center partner associate brother sister daughter son family people customer client member agency bureau institute "
    "laboratory research science management cooperative society alliance federation association chamber club "
    # Praise and size
    "first second third one two three four five six seven eight nine ten new old young great grand big little small "
    "royal king queen crown noble general public private open free best better good fine fresh pure true real right "
    "choice select premier premium prime quality value smart bright clear clean safe sure simple easy quick fast swift "
    "rapid direct express active advance advanced progress pioneer leader leading master expert standard classic "
    "heritage legacy future modern next total complete full whole common shared together hand heart head life living "
    "light power force action impact result growth change move step point line circle square cross link bridge gate "
    "door window table corner market place space room time hour day night week month year season summer winter spring "
    "autumn morning early late always ever more most only just about over under above from with your their this that "
    # Places and nature
    "national regional local global world worldwide international universal european american british german african "
    "asian pacific atlantic european north south east west northern southern eastern western central middle united "
    "federal continental metropolitan urban rural country village street park garden green field meadow forest tree "
    "river lake sea ocean coast bay beach harbour harbor island mountain hill valley rock sand earth land ground sun "
    "europe asia africa america norway sweden denmark finland iceland germany deutschland france spain italy portugal "
    "britain england scotland wales ireland netherland belgium austria switzerland poland turkey greece canada mexico "
    "brazil chile india china japan korea singapore australia zealand kenya emirate jordan "
    "moon star sky cloud wind rain snow storm horizon summit peak blue red white black gold golden silver iron copper "
    "bronze diamond pearl rose lion eagle bear wolf horse falcon phoenix "
    # What a contact is called
    "grace grant will mark hope faith joy bill frank penny dean chase rich rust sterling page baker butcher cook smith "
    "may june april august".split()
)
"""Words that say nothing by themselves: they give a name away only beside the rest of it. In the singular."""


def is_ordinary(word: str) -> bool:
    """Whether a word gives nobody away by itself."""
    lowered = word.lower()  # with its accents: Stoñes is nobody's stones
    singulars = {lowered, lowered.removesuffix("s"), lowered.removesuffix("es"), lowered.removesuffix("ies") + "y"}
    return not singulars.isdisjoint(ORDINARY | COMPANY_FORMS)
