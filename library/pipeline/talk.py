"""What reps write about their own selling, as patterns: it says nothing of why a customer should change."""

from __future__ import annotations

import re

_WE_DID = (
    r"(?:re-?)?sen[dt](?:ing)?|e-?mail(?:ed|ing)?|call(?:ed|ing)?(?! (?:off|centre|center))|spoke|talked|met|meet|"
    r"awaiting|waiting (?:on|for)|asked (?:for|about)|booked|re-?scheduled|presented|shared|showed|introduced|"
    r"trial|pilot|poc|renewal|upsell|cross-?sell"
)
"""At the head of a clause only: "Sent pricing" is ours, "their supplier sent the wrong parts" is their world."""
_MEETING = r"(?:meetings?|calls?|sessions?|workshops?)"
_WEEKDAY = r"(?:mon|tues|wednes|thurs|fri)day"
_SAID = (
    # Getting hold of them.
    r"voice-?mails?|lvm|linkedin|webinar|trade show|white ?paper|inbound|referral (?:from|by)|referred by|"
    r"(?:follow|following|followed)[- ]?up|next steps?|touch(?:ing)? base|check(?:ing)? (?:in|back)|try again|"
    r"reach(?:ed|ing)? out|re-?engaged|ghosted|gone (?:quiet|dark)|no (?:response|reply|answer)|new contact|on holiday",
    # Meeting them.
    rf"(?:intro|discovery|pricing|exec|board|great|good|kick-?off|second|2nd|next) {_MEETING}|met with|calls? w(?=/)|"
    rf"{_MEETING} (?:went|with|done|booked|scheduled|moved|set|on|in|next|{_WEEKDAY}|\d)|deep dive|kick-?off|"
    r"demo(?:s|ed)?|poc|in the trial|pilot (?:running|agreed|done|with)|access granted|technical win|"
    r"(?:good|great) (?:fit|questions|chat|discovery)|nice (?:guy|people)|likes? (?:the|our) product",
    # Papers and prices.
    r"rf[piq]s?|sow|msa|nda|dpa|docusign|redlines?|proposals?|quotes? (?:sent|requested|out)|wants? (?:an? )?"
    r"(?:\S+ )?quote|pricing|price (?:is an issue|agreed|list sent|call)|discount of|\d+ ?% discount|discount \d+|"
    r"references? (?:sent|call)|customer references?|\d+ licen[cs]es|scope as|roi calculator|business case|"
    r"(?:with|to|from|by|for|on|in) (?:legal|procurement)|legal (?:has|approved|review|is)|paper process|"
    r"procurement (?:wants|has|is)|security (?:review|questionnaire)|infosec|(?:for|on) signature|sign-?off|"
    r"contract (?:is )?(?:out|sent|signed|review)|po to follow|opt-?out|vendor list",
    # How sure we are.
    r"verbal(?:ly)?|commit (?:for|this)|best case|champion|economic buyer|decision[- ]makers?|meddicc?|bant|"
    r"(?:exec(?:utive)?|internal) sponsor|incumbent|compelling event|competing with|shortlist(?:ed)?|timeline|"
    r"(?:close|closing|should close) (?:date|by|this|in|end)|push(?:ed)? close|owner changed|\d+ ?% sure|"
    r"budget (?:approved|in|confirmed|holder|tbd)|(?:has|no) budget|decision (?:in|by|expected|date)|"
    r"partner[- ]led|partner says|via the partner",
)
SELLING = re.compile(
    rf"^\W*(?:(?:i|we|have|has|will|to|also|just|and|then|he|she|they)\s+)*(?:{_WE_DID})\b|\b(?:{'|'.join(_SAID)})\b",
    re.IGNORECASE,
)
"""Found in a clause that tells of our selling, not of the customer's world."""

WISHING = re.compile(
    r"\b(?:looking (?:for|at|into)|evaluating|interested in|wants? to (?:see|buy|replace|move|moderni[sz]e|go)|"
    r"would like|needs? (?:a|an|the|to|better|new|more|sso|api|\d)|requires?|replace (?:their|the|legacy)|"
    r"moderni[sz]e|go(?:ing)? digital|digital(?:i[sz]e| transformation)|features?|modules?|dashboards?|workflows?|"
    r"integrations?|api|sso|users|licen[cs]es?|platform|one vendor|legal entities|"
    r"new (?:erp|crm|system|software|tool|solution|platform)|better (?:reporting|visibility|insights?))\b",
    re.IGNORECASE,
)
"""Found in a clause that tells what they wish to buy: searched with, but no reason to buy it."""

WHEN = re.compile(
    r"\b(?:(?:by|in|until|before|after|at|end of|for)\s+)?(?:the\s+)?(?:end of\s+)?(?:next|this|coming)\s+"
    r"(?:week|month|quarter|year)\b|\b(?:(?:by|in|until)\s+)?(?:q[1-4]|fy ?\d\d(?:\d\d)?|eo[qmy])\b|"
    r"\b(?:in|within)\s+(?:\w+\s+){0,2}(?:hours?|days?|weeks?|months?|quarters?)\b|"
    r"\b\d+[- ]?days?\s+(?:left|notice|trial)\b|\buntil (?:\w+ )?(?:days|weeks|months)\b|"
    r"\bby (?:january|february|march|april|may|june|july|august|september|october|november|december)\b|"
    r"\b(?:day|week|month|quarter|year)[- ]?end\b|\bjust\b(?=\s+(?:had|a|spoke|met|got))",
    re.IGNORECASE,
)
"""A time by which something is to happen, or that comes round anyway: no change and no pain by itself."""
