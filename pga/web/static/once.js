// A form that was sent is not sent again by a second click or key while its answer is on the way:
// it would save the same thing twice. Every page works without this file.
(() => {
  "use strict";
  const ANSWER_WITHIN = 5000;
  let sent = new WeakSet();

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method !== "post") return;
    if (sent.has(form)) {
      event.preventDefault();
      return;
    }
    sent.add(form);
    setTimeout(() => sent.delete(form), ANSWER_WITHIN);
  });

  // The page one comes back to by the back button may be sent anew.
  window.addEventListener("pageshow", () => {
    sent = new WeakSet();
  });
})();
