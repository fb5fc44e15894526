// The page: everything is put together, and what can be copied is.

const model = makeModel(JSON.parse(document.getElementById("data").textContent));
const words = makeWords(model);

document.addEventListener("click", async (e) => {
  const button = e.target.closest("button.copy");
  if (!button) return;
  const text = button.parentElement.querySelector("code").textContent;
  let done = true;
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // Pages from files may have no clipboard: the text is selected, so that one key copies it.
    getSelection().selectAllChildren(button.parentElement.querySelector("code"));
    done = document.execCommand("copy");
  }
  button.textContent = done ? "Copied" : "Press Ctrl+C";
  setTimeout(() => { button.textContent = "Copy"; }, 2000);
});

if (model.d.users.name.length + model.d.groups.name.length > 0) makeMatrix(model, words, makePanel(model, words));
if (model.G > 0) makeDrawing(model, words);

// For the curious in the console, and for the test that compares every answer with the evaluator's.
window.accessReport = Object.freeze({ cell: model.cell, reasons: model.reasons, data: model.d });
