/* Renews the widget and its tags while options are chosen, and offers to copy; without it a button does the first. */
"use strict";

(() => {
  const PAUSE = 200; // milliseconds without another change until the page is asked for
  const form = document.querySelector("#options");
  let request, timer;

  /** Return the address of this page with the options that are chosen. */
  function address() {
    const chosen = [...new FormData(form)].filter(([, value]) => value);
    const found = new URL(form.action);
    found.search = new URLSearchParams(chosen);
    return found;
  }

  async function renew() {
    clearTimeout(timer);
    request?.abort();
    if (!form.reportValidity()) return;
    const own = (request = new AbortController());
    const wanted = address();
    try {
      const answer = await fetch(wanted, { signal: own.signal });
      if (!answer.ok) throw new Error(answer.status);
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      if (own !== request) return;
      document.querySelector("#made").replaceWith(document.adoptNode(page.querySelector("#made")));
      history.replaceState(null, "", wanted);
      offerCopies(document.querySelector("#made"));
      form.querySelector("[type=submit]").hidden = true;
    } catch {
      // The button goes the long way, and shows what is wrong.
      if (own === request) form.querySelector("[type=submit]").hidden = false;
    }
  }

  function offerCopies(place) {
    for (const figure of place.querySelectorAll(".code")) {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = form.dataset.copy;
      button.setAttribute("aria-describedby", figure.querySelector("figcaption").id);
      button.addEventListener("click", () => copy(button, figure.querySelector("code")));
      figure.append(button);
    }
  }

  async function copy(button, code) {
    try {
      await navigator.clipboard.writeText(code.textContent);
      said.textContent = button.textContent = form.dataset.copied;
    } catch {
      // Not allowed here: it is selected, and one key away.
      getSelection().selectAllChildren(code);
      said.textContent = button.textContent = form.dataset.selected;
    }
    setTimeout(() => (said.textContent = ""), 2000);
    setTimeout(() => (button.textContent = form.dataset.copy), 2000);
  }

  const said = document.createElement("p");
  said.className = "hidden";
  said.setAttribute("role", "status");
  form.after(said);
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(renew, PAUSE);
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    renew();
  });
  form.querySelector("[type=submit]").hidden = true;
  offerCopies(document);
})();
