// Four things Streamlit leaves undone: a text area hands over its text only when it is left, so text
// is handed over while it is typed; on a phone the menu stays open over the page just chosen; a tab
// that is switched off for a moment, while the page runs, loses the keyboard, so it gets it back; and
// so does a button that a run of the page puts elsewhere, as when an item of a list is moved by it.
(() => {
  "use strict";
  const PAUSE = 1000; // after the last key
  const AT_MOST = 4000; // while keys keep coming
  const waiting = new WeakMap();

  const hand_over = (area) => {
    waiting.delete(area);
    if (document.activeElement !== area) return; // leaving it has handed it over
    area.dispatchEvent(
      new KeyboardEvent("keydown", {
        key: "Enter",
        code: "Enter",
        keyCode: 13,
        ctrlKey: true,
        bubbles: true,
        cancelable: true,
      }),
    );
  };

  document.addEventListener("input", (typed) => {
    const area = typed.target;
    if (!(area instanceof HTMLTextAreaElement) || typed.isComposing) return;
    const before = waiting.get(area);
    const first = before ? before.first : Date.now();
    if (before) clearTimeout(before.timer);
    const delay = Math.max(0, Math.min(PAUSE, first + AT_MOST - Date.now()));
    waiting.set(area, { first, timer: setTimeout(hand_over, delay, area) });
  });

  document.addEventListener("click", (chosen) => {
    if (!matchMedia("(max-width: 767px)").matches) return;
    if (!chosen.target.closest('[data-testid="stSidebarNavLink"]')) return;
    const close = document.querySelector('[data-testid="stSidebarCollapseButton"] button');
    if (close) setTimeout(() => close.click(), 0);
  });

  document.addEventListener("focusout", (left) => {
    const tab = left.target;
    if (left.relatedTarget || tab.dataset.testid !== "stTab") return;
    const off = () => tab.getAttribute("aria-disabled") === "true";
    const give_back = () => {
      if (document.activeElement !== document.body || !tab.isConnected) return; // somebody went on
      if (off()) requestAnimationFrame(give_back);
      else tab.focus({ preventScroll: true });
    };
    queueMicrotask(() => off() && give_back()); // otherwise it was left on purpose
  });

  let held = null; // the key of the button that has the keyboard
  let by_key = false; // it was reached or pressed by a key
  const keyed = (element) => element?.closest?.('[class*="st-key-"]');
  const key_of = (element) =>
    [...(keyed(element)?.classList ?? [])].find((name) => name.startsWith("st-key-"));

  document.addEventListener("focusin", (reached) => {
    held = reached.target instanceof HTMLButtonElement ? key_of(reached.target) : null;
  });
  document.addEventListener("pointerdown", () => { held = null; by_key = false; }, true);
  document.addEventListener("keydown", (pressed) => {
    by_key = true;
    if (pressed.key === "Tab" || pressed.key === "Escape") held = null; // left on purpose
  }, true);

  new MutationObserver(() => {
    if (!held || !by_key || document.activeElement !== document.body) return;
    const button = document.querySelector(`.${CSS.escape(held)} button`);
    const beside = keyed(keyed(button)?.parentElement); // at an end of its list it is switched off
    const next = button?.disabled ? beside?.querySelector("button:not(:disabled)") : button;
    next?.focus();
  }).observe(document, { childList: true, subtree: true, attributeFilter: ["disabled"] });
})();
