"""What only the browser can do: copy a text, read one aloud, count two minutes. The text is data, never markup."""

from __future__ import annotations

from collections.abc import Callable

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

_LISTEN_JS = """
export default function ({ data, parentElement }) {
  const button = parentElement.querySelector("button")
  const speech = window.speechSynthesis
  const rest = () => { button.textContent = "Listen"; button.setAttribute("aria-pressed", "false") }
  if (!speech) { button.disabled = true; button.textContent = "This browser cannot read aloud"; return }
  rest()
  button.onclick = () => {
    if (speech.speaking) { speech.cancel(); rest(); return }
    const words = new SpeechSynthesisUtterance(data.text)
    words.lang = "en"
    words.rate = 0.95
    words.onend = rest
    words.onerror = rest
    speech.speak(words)
    button.textContent = "Stop"
    button.setAttribute("aria-pressed", "true")
  }
  return () => speech.cancel()
}
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
<div><span role="timer"></span> <button type="button"></button> <button type="button">From the start</button></div>
"""
_CLOCK_CSS = f"""{_CSS}
div {{ display: flex; flex-wrap: wrap; gap: 0.75rem; align-items: center; }}
[role=timer] {{ font-size: 3rem; font-variant-numeric: tabular-nums; color: var(--st-text-color); min-width: 8rem; }}
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
_DICTATION_HTML = '<div><button type="button"></button> <span aria-live="polite"></span></div>'
_DICTATION_CSS = f"""{_CSS}
span {{ font-size: 0.875rem; color: var(--st-text-color); }}
"""

_copy = st.components.v2.component("copy_text", html='<button type="button"></button>', css=_CSS, js=_COPY_JS)
_listen = st.components.v2.component("listen", html='<button type="button"></button>', css=_CSS, js=_LISTEN_JS)

_clock = st.components.v2.component("clock", html=_CLOCK_HTML, css=_CLOCK_CSS, js=_CLOCK_JS)

_dictation = st.components.v2.component("dictation", html=_DICTATION_HTML, css=_DICTATION_CSS, js=_DICTATION_JS)


def copy_button(label: str, text: str, key: str, copied: Callable[[], None] | None = None) -> None:
    """A button that puts a text on the clipboard and says so; `copied` is called each time it did."""
    data = {"label": label, "text": text, "tells": copied is not None}
    if copied is None:
        _copy(data=data, key=key, width="content")
    else:
        _copy(data=data, key=key, width="content", on_copied_change=copied)


def listen_button(text: str, key: str) -> None:
    """A button that reads a text aloud, and stops."""
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
