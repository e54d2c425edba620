// A chosen file is sent at once; without a script the button beside it does the same.
(function () {
  "use strict";

  document.addEventListener("change", function (event) {
    var sends = event.target.getAttribute && event.target.getAttribute("data-sends");
    if (!sends || !event.target.files || !event.target.files.length) return;
    document.getElementById(sends).click();
  });
})();
