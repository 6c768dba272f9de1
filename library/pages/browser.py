"""What only the browser can do: copy, read aloud, count two minutes, keep what is typed. Text is data, never markup."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import streamlit as st

_CSS = """
button {
  font: inherit; font-size: 0.875rem; color: var(--st-text-color); background: transparent; cursor: pointer;
  border: 1px solid var(--st-border-color); border-radius: var(--st-button-radius, 0.5rem); padding: 0.35rem 0.75rem;
  min-height: 2.5rem;
}
button:hover, button:focus-visible { border-color: var(--st-primary-color); color: var(--st-primary-color); }
"""

_COPY_JS = """
export default function ({ data, parentElement, setTriggerValue }) {
  const button = parentElement.querySelector("button")
  if (!button.dataset.said) button.textContent = data.label
  button.onclick = async () => {
    let copied = true
    try {
      await navigator.clipboard.writeText(data.text)
    } catch {
      const area = document.createElement("textarea")
      area.value = data.text
      document.body.append(area)
      area.select()
      copied = document.execCommand("copy")
      area.remove()
    }
    button.textContent = copied ? "Copied" : "Copying is not allowed here"
    button.dataset.said = "yes"
    setTimeout(() => { button.textContent = data.label; delete button.dataset.said }, 2000)
    if (copied && data.tells) setTriggerValue("copied", true)
  }
}
"""

# Sentence by sentence: some browsers fall silent in a long text, and a new pace begins with the sentence in hand.
_LISTEN_JS = """
export default function ({ data, parentElement }) {
  const button = parentElement.querySelector("button"), pace = parentElement.querySelector("select")
  const speech = window.speechSynthesis
  if (!speech) {
    pace.hidden = true
    button.disabled = true
    button.textContent = "This browser cannot read aloud"
    return
  }
  const parts = data.text.match(/[^.!?]+[.!?]*["”’]*\\s*/g) || [data.text]
  const now = button.reader ??= { at: 0, words: null }  // it outlives a rerun of the page
  const show = () => {
    button.textContent = now.words ? "Stop" : "Listen"
    button.setAttribute("aria-pressed", String(Boolean(now.words)))
  }
  const rest = () => { now.words = null; now.at = 0; speech.cancel(); show() }
  const read = () => {
    if (now.at >= parts.length) { rest(); return }
    const words = new SpeechSynthesisUtterance(parts[now.at])
    words.lang = "en"
    words.rate = Number(pace.value)
    words.onend = () => { if (now.words === words) { now.at += 1; read() } }
    words.onerror = () => { if (now.words === words) rest() }
    now.words = words
    speech.speak(words)
    show()
  }
  const anew = () => { now.words = null; speech.cancel(); read() }
  const kept = () => { try { return localStorage.getItem("pace") } catch { return null } }
  pace.value = kept() || "0.95"
  if (!pace.value) pace.value = "0.95"
  pace.onchange = () => {
    try { localStorage.setItem("pace", pace.value) } catch { /* it is then for this page only */ }
    if (now.words) anew()
  }
  button.onclick = () => { if (now.words) rest(); else anew() }
  show()
  return rest
}
"""
_LISTEN_HTML = """
<div>
  <button type="button">Listen</button>
  <select aria-label="Pace">
    <option value="0.75">Slowly</option><option value="0.95">Calmly</option><option value="1.2">Briskly</option>
  </select>
</div>
"""
_LISTEN_CSS = f"""{_CSS}
div {{ display: flex; gap: 0.25rem; }}
select {{
  font: inherit; font-size: 0.875rem; color: var(--st-text-color); background: var(--st-background-color);
  border: 1px solid var(--st-border-color); border-radius: var(--st-button-radius, 0.5rem); padding: 0.35rem 0.5rem;
  min-height: 2.5rem; cursor: pointer;
}}
select:hover, select:focus-visible {{ border-color: var(--st-primary-color); }}
"""

_CLOCK_JS = """
export default function ({ data, parentElement }) {
  const [go, again] = parentElement.querySelectorAll("button")
  const face = parentElement.querySelector("[role=timer]")
  let left = data.seconds, running = null
  const show = () => {
    const over = left < 0, now = Math.abs(left)
    face.textContent = `${over ? "+" : ""}${Math.floor(now / 60)}:${String(now % 60).padStart(2, "0")}`
    face.toggleAttribute("data-over", over)
    go.textContent = running ? "Pause" : left === data.seconds ? "Start the clock" : "Go on"
  }
  const stop = () => { clearInterval(running); running = null }
  go.onclick = () => {
    if (running) stop()
    else {
      const from = Date.now() + left * 1000
      running = setInterval(() => { left = Math.round((from - Date.now()) / 1000); show() }, 250)
    }
    show()
  }
  again.onclick = () => { stop(); left = data.seconds; show() }
  show()
  return stop
}
"""
_CLOCK_HTML = """
<div>
  <span role="timer">2:00</span> <button type="button">Start the clock</button> <button type="button">Reset</button>
</div>
"""
_CLOCK_CSS = f"""{_CSS}
div {{ display: flex; flex-wrap: wrap; gap: 0.5rem; align-items: center; }}
[role=timer] {{ font-size: 2.25rem; font-variant-numeric: tabular-nums; color: var(--st-text-color); min-width: 5rem; }}
[role=timer][data-over] {{ color: var(--st-red-text-color, #b3261e); }}
"""

_DICTATION_JS = """
export default function ({ parentElement, setStateValue }) {
  const button = parentElement.querySelector("button"), said = parentElement.querySelector("span")
  const Recognition = window.SpeechRecognition || window.webkitSpeechRecognition
  if (!Recognition) {
    button.hidden = true
    said.textContent = "This browser does not take dictation. Type it, or paste what your phone heard."
    return
  }
  if (button.dataset.on) return
  if (!said.textContent) said.textContent = "Your browser may send what it hears to its maker."
  button.textContent = "Tell it aloud"
  let ear = null
  const stop = () => { ear?.stop(); ear = null; delete button.dataset.on; button.textContent = "Tell it aloud" }
  button.onclick = () => {
    if (ear) { stop(); return }
    ear = new Recognition()
    ear.lang = "en"
    ear.continuous = true
    ear.interimResults = false
    const heard = []
    ear.onresult = event => {
      for (let at = event.resultIndex; at < event.results.length; at++) heard.push(event.results[at][0].transcript)
      said.textContent = `${heard.join(" ").split(/\\s+/).length} words heard`
    }
    ear.onerror = event => { said.textContent = `The microphone cannot be used (${event.error}).`; stop() }
    ear.onend = () => { if (heard.length) setStateValue("text", heard.join(" ").trim()); stop() }
    ear.start()
    button.dataset.on = "yes"
    button.textContent = "I have told it"
  }
  return stop
}
"""
_DICTATION_HTML = '<div><button type="button">Tell it aloud</button> <span aria-live="polite"></span></div>'
_DICTATION_CSS = f"""{_CSS}
span {{ font-size: 0.875rem; color: var(--st-text-color); }}
"""

# What is typed is handed over after a pause, and kept in this browser until the server has it: Streamlit itself takes a
# text only when its box is left, and a reload or a lost connection would take the rest.
_KEEPER_JS = """
export default function ({ data, parentElement }) {
  const say = parentElement.querySelector("span"), place = `writing:${data.scope}`
  const kept = () => { try { return JSON.parse(localStorage.getItem(place)) || {} } catch { return {} } }
  const keep = texts => {
    try {
      if (Object.keys(texts).length) localStorage.setItem(place, JSON.stringify(texts))
      else localStorage.removeItem(place)
    } catch { /* then only what the server has is kept */ }
  }
  const boxes = () => [
    ...document.querySelectorAll("[data-testid=stTextArea] textarea, [data-testid=stTextInput] input")
  ]
  const named = name => boxes().find(box => box.getAttribute("aria-label") === name)
  const ours = name => Object.hasOwn(data.saved, name)
  const hand = box => box.dispatchEvent(
    new KeyboardEvent("keydown", { key: "Enter", code: "Enter", ctrlKey: box.tagName === "TEXTAREA", bubbles: true })
  )
  const show = () => {
    const waiting = Object.keys(kept()).length
    const offline = "Kept in this browser until it is online again."
    say.textContent = !waiting ? "Everything is kept." : navigator.onLine ? "Keeping …" : offline
  }
  const texts = kept()
  for (const [name, text] of Object.entries(texts)) {
    const box = named(name)
    if (!ours(name) || data.saved[name] === text.trim()) delete texts[name]
    else if (box && document.activeElement !== box && box.value !== text) {
      const set = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(box), "value").set
      set.call(box, text)
      box.dispatchEvent(new Event("input", { bubbles: true }))
      setTimeout(() => hand(box), 300)
    }
  }
  keep(texts)
  show()
  let pause = null
  const typed = event => {
    const box = event.target, name = box.getAttribute?.("aria-label")
    if (!name || !ours(name) || !boxes().includes(box)) return
    keep({ ...kept(), [name]: box.value })
    show()
    clearTimeout(pause)
    pause = setTimeout(() => hand(box), 1200)
  }
  document.addEventListener("input", typed)
  window.addEventListener("online", show)
  window.addEventListener("offline", show)
  return () => {
    document.removeEventListener("input", typed)
    window.removeEventListener("online", show)
    window.removeEventListener("offline", show)
  }
}
"""
_KEEPER_CSS = "span { font: inherit; font-size: 0.875rem; color: var(--st-text-color); opacity: 0.8; }"

_copy = st.components.v2.component("copy_text", html='<button type="button">Copy</button>', css=_CSS, js=_COPY_JS)
_listen = st.components.v2.component("listen", html=_LISTEN_HTML, css=_LISTEN_CSS, js=_LISTEN_JS)

_clock = st.components.v2.component("clock", html=_CLOCK_HTML, css=_CLOCK_CSS, js=_CLOCK_JS)

_dictation = st.components.v2.component("dictation", html=_DICTATION_HTML, css=_DICTATION_CSS, js=_DICTATION_JS)

_keeper = st.components.v2.component("keeper", html='<span role="status"></span>', css=_KEEPER_CSS, js=_KEEPER_JS)


def keeper(scope: str, saved: Mapping[str, str], key: str) -> None:
    """Hands over what is typed after a pause, and keeps it in the browser until the server has it.

    `saved` is what the server has of each box, by the box's label.
    """
    _keeper(data={"scope": scope, "saved": dict(saved)}, key=key, width="stretch")


def copy_button(label: str, text: str, key: str, copied: Callable[[], None] | None = None) -> None:
    """A button that puts a text on the clipboard and says so; `copied` is called each time it did."""
    data = {"label": label, "text": text, "tells": copied is not None}
    if copied is None:
        _copy(data=data, key=key, width="content")
    else:
        _copy(data=data, key=key, width="content", on_copied_change=copied)


def listen_button(text: str, key: str) -> None:
    """A button that reads a text aloud, and stops, at the pace the person chose in this browser."""
    _listen(data={"text": text}, key=key, width="content")


def dictation(key: str) -> str:
    """A button that takes dictation where the browser can; what was heard, or nothing yet.

    The browser may send what it hears to its maker's service: nobody's words leave without this button.
    """
    heard = _dictation(key=key, width="stretch", on_text_change=lambda: None)
    return str(getattr(heard, "text", None) or "")


def clock(key: str, seconds: int = 120) -> None:
    """A clock that counts down, and says how far over it is afterwards."""
    _clock(data={"seconds": seconds}, key=key, width="stretch")
