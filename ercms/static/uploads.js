// Shortens the way of a file; without it the file is sent and judged by the server.
(() => {
  "use strict";

  document.querySelectorAll("input[type=file][data-limit-mb]").forEach((input) => {
    const form = input.closest("form");
    const limit = Number(input.dataset.limitMb) * 1024 * 1024;

    // What is too large is told before it is sent.
    const check = () => {
      const file = input.files[0];
      input.setCustomValidity(file && file.size > limit ? input.dataset.tooLarge : "");
      if (!input.checkValidity()) input.reportValidity();
    };
    input.addEventListener("change", check);
    form.addEventListener("submit", (event) => {
      check();
      if (!input.checkValidity()) {
        event.preventDefault();
        event.stopImmediatePropagation();
      }
    }, true);

    // A file may be dropped anywhere on its form.
    form.addEventListener("dragover", (event) => { event.preventDefault(); form.classList.add("drop-here"); });
    form.addEventListener("dragleave", () => form.classList.remove("drop-here"));
    form.addEventListener("drop", (event) => {
      event.preventDefault();
      form.classList.remove("drop-here");
      if (!event.dataTransfer.files.length) return;
      input.files = event.dataTransfer.files;
      check();
    });

    // A device that is held in the hand has a camera.
    if (input.dataset.camera && window.matchMedia("(pointer: coarse)").matches) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "btn btn-outline-secondary";
      button.textContent = input.dataset.camera;
      button.addEventListener("click", () => {
        input.setAttribute("capture", "environment");
        input.click();
        input.removeAttribute("capture");
      });
      input.after(button);
    }
  });
})();
