// Small comforts of the frame; every page works without them.
(function () {
  "use strict";

  function closeDrops(except) {
    document.querySelectorAll("details.drop[open]").forEach(function (drop) {
      if (drop !== except) drop.removeAttribute("open");
    });
  }

  document.addEventListener("click", function (event) {
    var drop = event.target.closest("details.drop");
    closeDrops(drop);
    if (event.target.closest("[data-print]")) window.print();
  });

  document.addEventListener("keydown", function (event) {
    if (event.key !== "Escape") return;
    var open = document.querySelector("details.drop[open]");
    if (!open) return;
    closeDrops(null);
    open.querySelector("summary").focus();
  });

  // Printing needs a script, so its button appears only where there is one.
  document.querySelectorAll("[data-print]").forEach(function (button) {
    button.hidden = false;
  });
})();
