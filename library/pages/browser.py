"""Two things only the browser can do: copy a text, and read one aloud. The text is data, never markup."""

from __future__ import annotations

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
export default function ({ data, parentElement }) {
  const button = parentElement.querySelector("button")
  button.textContent = data.label
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
    setTimeout(() => { button.textContent = data.label }, 2000)
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

_copy = st.components.v2.component("copy_text", html='<button type="button"></button>', css=_CSS, js=_COPY_JS)
_listen = st.components.v2.component("listen", html='<button type="button"></button>', css=_CSS, js=_LISTEN_JS)


def copy_button(label: str, text: str, key: str) -> None:
    """A button that puts a text on the clipboard and says so."""
    _copy(data={"label": label, "text": text}, key=key, width="content")


def listen_button(text: str, key: str) -> None:
    """A button that reads a text aloud, and stops."""
    _listen(data={"text": text}, key=key, width="content")
