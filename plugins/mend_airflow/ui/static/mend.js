// The pages' own script: Airflow's language and theme are followed, and links out of the frame work.
"use strict";
(function () {
  const alone = window.parent === window;
  const page = document.documentElement;

  function stored(name) {
    try { return window.localStorage.getItem(name); } catch (error) { return null; }
  }

  // Theme: Airflow keeps light, dark, or nothing for the system's.
  function followTheme() {
    const theme = stored("theme");
    if (theme === "light" || theme === "dark") page.dataset.theme = theme; else delete page.dataset.theme;
  }

  // Language: Airflow's choice goes into a cookie, which the server reads; then the page is asked for once more.
  function cookie() {
    const found = document.cookie.split("; ").find((each) => each.startsWith("mend_language="));
    return found ? found.slice("mend_language=".length) : "";
  }
  function keep(language) {
    document.cookie = "mend_language=" + encodeURIComponent(language) + "; path=/; SameSite=Lax; max-age=31536000";
  }
  function isOurs(language) {
    return page.lang.slice(0, 2).toLowerCase() === (language.toLowerCase().startsWith("zh") ? "zh" : "en");
  }
  function followLanguage() {
    const chosen = stored("i18nextLng");
    if (!chosen || cookie() === chosen) return;
    keep(chosen);
    if (cookie() === chosen && !isOurs(chosen)) window.location.reload();
  }

  // A link to Airflow's own pages: in the frame it must be the frame's parent that goes there.
  function toAirflow(event) {
    const link = event.target.closest("a[data-airflow]");
    const isPlain = event.button === 0 && !(event.ctrlKey || event.metaKey || event.shiftKey || event.altKey);
    if (!link || alone || !isPlain) return;
    event.preventDefault();
    const outside = window.parent.document.createElement("a");
    outside.href = link.href;
    window.parent.document.body.append(outside);
    outside.click();
    outside.remove();
  }

  function start() {
    page.classList.toggle("framed", !alone);
    for (const each of document.querySelectorAll("[data-alone]")) each.hidden = !alone;
    for (const button of document.querySelectorAll("button[data-language]")) {
      button.setAttribute("aria-pressed", String(isOurs(button.dataset.language)));
      button.addEventListener("click", function () {
        try { window.localStorage.setItem("i18nextLng", button.dataset.language); } catch (error) { /* the cookie is enough */ }
        keep(button.dataset.language);
        window.location.reload();
      });
    }
    document.addEventListener("click", toAirflow);
  }

  followTheme();
  followLanguage();
  window.addEventListener("storage", function (event) {
    if (event.key === "theme") followTheme();
    if (event.key === "i18nextLng") followLanguage();
  });
  start();
})();
