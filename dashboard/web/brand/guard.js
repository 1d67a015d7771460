// Keeps this tab honest: when the session ends, anywhere, the tab goes to the sign-in page; before it
// ends for want of use, it says so; and while somebody types, it tells the server that they are there.
// When the browser becomes a shared screen, every tab of it does; it ends by itself, and says so itself.
(() => {
  "use strict";
  const EVERY = 5000; // ask whether we are still signed in
  const TELL_EVERY = 30000; // at most this often say that somebody is here
  const WARN_BEFORE = 90; // seconds
  let told = Date.now();
  let notice = null;
  let screen = null; // not known yet

  const leave = () => {
    if (screen) return location.replace("/login?notice=screen&next=/meeting");
    const here = encodeURIComponent(location.pathname + location.search);
    location.replace(`/login?notice=ended&next=${here}`);
  };

  const show = (seconds) => {
    if (notice) return;
    notice = document.createElement("div");
    notice.className = "sixfold-notice";
    notice.setAttribute("role", "alert");
    const text = document.createElement("span");
    const minutes = Math.max(1, Math.round(seconds / 60));
    text.textContent = `You will be signed out in about ${minutes} minute${minutes > 1 ? "s" : ""}.`;
    const stay = document.createElement("button");
    stay.type = "button";
    stay.textContent = "Stay signed in";
    stay.addEventListener("click", () => tell(true));
    notice.append(text, stay);
    document.body.append(notice);
  };

  const hide = () => {
    if (notice) notice.remove();
    notice = null;
  };

  const judge = async (answer) => {
    if (answer.status === 401) return leave();
    if (!answer.ok) return;
    const { ends_in, screen: now } = await answer.json();
    const before = screen;
    screen = now;
    if (screen) {
      if (before === false || location.pathname !== "/") location.replace("/");
    } else if (ends_in <= WARN_BEFORE) show(ends_in);
    else hide();
  };

  const ask = () =>
    fetch("/auth/whoami", { cache: "no-store" }).then(judge, () => {});

  const tell = (always) => {
    if (!always && Date.now() - told < TELL_EVERY) return;
    told = Date.now();
    fetch("/auth/here", { method: "POST", cache: "no-store" }).then(judge, () => {});
  };

  for (const sign of ["keydown", "pointerdown", "touchstart", "wheel"]) {
    addEventListener(sign, () => tell(false), { capture: true, passive: true });
  }
  setInterval(ask, EVERY);
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) ask();
  });
  // Streamlit notes on its root element that the line was closed: ask why before it shows a complaint.
  new MutationObserver(ask).observe(document.documentElement, {
    subtree: true,
    attributeFilter: ["data-test-connection-state"],
  });
  addEventListener("pageshow", (shown) => {
    if (shown.persisted) ask();
  });
})();
