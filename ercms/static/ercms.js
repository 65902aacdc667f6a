// Shortens the way; every page works without it.
(() => {
  "use strict";

  // The error summary is what a page with errors is about.
  const summary = document.querySelector("[data-focus]");
  if (summary) {
    summary.focus();
    document.querySelectorAll(".has-error").forEach((field) => {
      const closed = field.closest("details:not([open])");
      if (closed) closed.open = true;
    });
  }

  // Menus close when somebody goes on elsewhere.
  const menus = () => document.querySelectorAll("details.menu[open]");
  document.addEventListener("click", (event) => {
    menus().forEach((menu) => { if (!menu.contains(event.target)) menu.open = false; });
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    menus().forEach((menu) => {
      menu.open = false;
      menu.querySelector("summary").focus();
    });
  });

  // Where a narrow screen has menu and tabs scroll, the present one is in sight.
  document.querySelectorAll(".site-nav [aria-current], .tabs [aria-current]").forEach((here) => {
    const row = here.closest("ul");
    row.scrollLeft = here.offsetLeft + here.offsetWidth / 2 - row.offsetLeft - row.clientWidth / 2;
  });

  // One box for all boxes of a table.
  document.querySelectorAll("[data-check-all]").forEach((all) => {
    all.hidden = false;
    all.addEventListener("change", () => {
      document.getElementsByName(all.dataset.checkAll).forEach((box) => { box.checked = all.checked; });
    });
  });

  // A filter that changes may send itself.
  document.querySelectorAll("form[data-send-on-change]").forEach((form) => {
    form.addEventListener("change", () => form.requestSubmit());
  });

  // A form is sent once.
  document.querySelectorAll("form[method=post]").forEach((form) => {
    form.addEventListener("submit", (event) => {
      if (form.dataset.sent) event.preventDefault();
      form.dataset.sent = "yes";
      window.setTimeout(() => { delete form.dataset.sent; }, 4000);
    });
  });
})();
