// Publishing waits for the draft that is saving itself. Sent side by side with it, a new page would be made twice,
// and the second one refused because its address is taken.
// It also waits for the last words of a formatted text: a field has them only a moment after they were typed.
const EDITOR = "form[data-edit-form]";
const WRITTEN_DOWN = 300;
let saving = false;
let isHeld = false;
let isSent = false;
let sendNow = null;

// On the window, so that whoever stops the saving has done so by now.
addEventListener("w-autosave:save", (event) => {
  saving = !event.defaultPrevented;
  if (saving) forgetQuestion();
});

// Asked before the draft was saved and answered after that, "is there a newer version?" finds the very draft, and
// Wagtail warns of another window until the page is left. It asks again ten seconds after the draft.
function forgetQuestion() {
  const session = document.querySelector("[data-controller~='w-session']");
  window.wagtail.app.getControllerForElementAndIdentifier(session, "w-swap")?.abortController?.abort();
}

for (const end of ["w-autosave:success", "w-autosave:error"]) {
  addEventListener(end, () => {
    saving = false;
    sendNow?.();
  });
}

addEventListener(
  "submit",
  (event) => {
    const { target: form, submitter } = event;
    if (!form.matches(EDITOR)) return;
    if (isSent) {
      isSent = false;
      return;
    }
    event.preventDefault();
    event.stopImmediatePropagation();
    if (isHeld) return;
    isHeld = true;
    // What is typed from now on is not part of what was sent.
    form.dataset.wAutosaveActiveValue = "false";
    // The button is out of service by then, and its name would not be sent.
    const pressed = document.createElement("input");
    Object.assign(pressed, { type: "hidden", name: submitter?.name ?? "", value: submitter?.value ?? "" });
    setTimeout(() => {
      sendNow = () => {
        sendNow = null;
        isHeld = false;
        isSent = true;
        form.append(pressed);
        form.requestSubmit();
        pressed.remove();
      };
      if (!saving) sendNow();
    }, WRITTEN_DOWN);
  },
  { capture: true },
);

// A list that was pasted is as many tags as it names.
window.jQuery(document).on("tagitbeforetagadded", ({ target }, { tagLabel, duringInitialization }) => {
  const names = tagLabel.replaceAll('"', "").split(/[,;\n]/);
  if (duringInitialization || names.length === 1) return true;
  for (const name of names) window.jQuery(target).tagit("createTag", name);
  return false;
});
