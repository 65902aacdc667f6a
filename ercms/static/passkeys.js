// Asks the device for a passkey when a form that wants one is sent, and sends the form with its answer.
(() => {
  "use strict";
  const forms = document.querySelectorAll("form[data-passkey]");
  const isAble = window.PublicKeyCredential && PublicKeyCredential.parseRequestOptionsFromJSON;
  if (!isAble) return;

  const answer = async (form) => {
    const token = form.querySelector("[name=csrf_token]").value;
    const asked = await fetch(form.dataset.options, {
      method: "POST",
      body: new URLSearchParams({ csrf_token: token }),
    });
    if (!asked.ok) throw new Error(String(asked.status));
    const options = await asked.json();
    const credential = form.dataset.passkey === "create"
      ? await navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options) })
      : await navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options) });
    return JSON.stringify(credential.toJSON());
  };

  forms.forEach((form) => {
    form.hidden = false;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      event.stopImmediatePropagation();
      const failed = form.querySelector("[data-passkey-failed]");
      failed.hidden = true;
      answer(form).then(
        (text) => { form.querySelector("[data-passkey-answer]").value = text; form.submit(); },
        () => { failed.hidden = false; },
      );
    });
  });
})();
