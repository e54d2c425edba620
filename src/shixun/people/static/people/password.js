// Ticks off, while one types, the rules of a new password that a page can check; the server checks them all.
(function () {
  "use strict";

  // Capitals, small letters, digits, other letters (Chinese among them), signs of either width.
  var wide = "\\u3000-\\u303f\\uff00-\\uff0f\\uff1a-\\uff20";
  var kinds = ["[A-Z]", "[a-z]", "[0-9]", "[^\\x00-\\x7f" + wide + "]", "[ -/:-@\\[-`{-~" + wide + "]"].map(function (kind) { return new RegExp(kind); });
  var counts = {
    length: function (text) { return Array.from(text).length; },
    classes: function (text) { return kinds.filter(function (kind) { return kind.test(text); }).length; }
  };

  document.querySelectorAll("[data-rules-of]").forEach(function (list) {
    var input = document.getElementById(list.getAttribute("data-rules-of"));
    if (!input) return;
    input.addEventListener("input", function () {
      list.querySelectorAll("[data-rule]").forEach(function (rule) {
        var reached = counts[rule.getAttribute("data-rule")](input.value) >= Number(rule.getAttribute("data-number"));
        rule.classList.toggle("kept", reached);
      });
    });
  });
})();
