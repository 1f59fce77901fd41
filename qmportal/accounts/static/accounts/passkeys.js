// Makes a passkey, or shows one, and sends what the browser says about it in the form around the button.
//
// A button with data-passkey="create" or "get" takes the server's options from data-options, or from the
// address in data-options-url. Its parent is hidden until this script runs.

const bytes = (text) =>
  Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (sign) => sign.charCodeAt(0));

const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replace(/\+/g, "-")
    .replace(/\//g, "_")
    .replace(/=+$/, "");

const known = (keys = []) => keys.map((key) => ({ ...key, id: bytes(key.id) }));

async function options(button) {
  if (button.dataset.options) return JSON.parse(button.dataset.options).publicKey;
  const answer = await fetch(button.dataset.optionsUrl, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(`options: ${answer.status}`);
  return (await answer.json()).request_options.publicKey;
}

function create(given) {
  const publicKey = {
    ...given,
    challenge: bytes(given.challenge),
    user: { ...given.user, id: bytes(given.user.id) },
    excludeCredentials: known(given.excludeCredentials),
    // Wherever the device can: so the key also logs in without a password.
    authenticatorSelection: {
      ...given.authenticatorSelection,
      residentKey: "preferred",
      requireResidentKey: false,
    },
  };
  return navigator.credentials.create({ publicKey });
}

function get(given) {
  const publicKey = {
    ...given,
    challenge: bytes(given.challenge),
    allowCredentials: known(given.allowCredentials),
  };
  return navigator.credentials.get({ publicKey });
}

function asJson(credential) {
  const response = {};
  for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (credential.response[name]) response[name] = text(credential.response[name]);
  }
  return JSON.stringify({
    id: credential.id,
    rawId: text(credential.rawId),
    type: credential.type,
    authenticatorAttachment: credential.authenticatorAttachment,
    clientExtensionResults: credential.getClientExtensionResults(),
    response,
  });
}

function say(form, what) {
  for (const note of form.querySelectorAll("[data-passkey-note]")) {
    note.hidden = note.dataset.passkeyNote !== what;
  }
}

async function use(button) {
  const form = button.closest("form");
  say(form, "");
  button.disabled = true;
  try {
    const act = button.dataset.passkey === "create" ? create : get;
    form.elements.credential.value = asJson(await act(await options(button)));
    form.submit();
  } catch (error) {
    button.disabled = false;
    say(form, { SecurityError: "impossible", InvalidStateError: "known" }[error.name] ?? "failed");
  }
}

for (const button of document.querySelectorAll("[data-passkey]")) {
  if (window.PublicKeyCredential) {
    say(button.closest("form"), "");
    button.parentElement.hidden = false;
    button.addEventListener("click", () => use(button));
    button.closest("form").addEventListener("submit", (event) => {
      event.preventDefault();
      use(button);
    });
  } else {
    say(button.closest("form"), "impossible");
  }
}
