// Comforts of the list page: how many rows are chosen, and a row opened beside the list on a wide screen.
// Without a script the boxes and buttons work all the same, and a row's name leads to its page.
(function () {
  "use strict";

  document.documentElement.classList.add("with-script");

  function boxes() {
    return Array.prototype.slice.call(document.querySelectorAll('input[name="row"][form="batch"]'));
  }

  function count() {
    var bar = document.getElementById("batch");
    if (!bar) return;
    var all = boxes();
    var chosen = all.filter(function (box) { return box.checked; }).length;
    var every = bar.querySelector('input[name="every"]');
    var words = bar.querySelector(".batch-count");
    var whole = document.querySelector("[data-choose-all]");
    var isEvery = Boolean(every && every.checked);
    bar.classList.toggle("batch-idle", !chosen && !isEvery);
    words.textContent = isEvery ? "已选全部" : "已选 " + chosen + " " + words.dataset.noun;
    if (!whole) return;
    whole.hidden = false;
    whole.checked = all.length > 0 && chosen === all.length;
    whole.indeterminate = chosen > 0 && chosen < all.length;
  }

  document.addEventListener("change", function (event) {
    if (event.target.matches("[data-choose-all]")) {
      boxes().forEach(function (box) { box.checked = event.target.checked; });
    }
    if (event.target.closest("#batch, .row-choice")) count();
  });
  document.addEventListener("htmx:afterSettle", count);
  count();

  var opener = null;

  function panel() {
    return document.getElementById("side-panel");
  }

  function close() {
    var side = panel();
    if (!side || side.hidden) return;
    side.hidden = true;
    side.textContent = "";
    document.documentElement.classList.remove("with-panel");
    mark(null);
    if (opener && opener.isConnected) opener.focus();
  }

  function mark(button) {
    document.querySelectorAll("tr.row-open").forEach(function (row) { row.classList.remove("row-open"); });
    if (button) button.closest("tr").classList.add("row-open");
  }

  function bringStyles(page) {
    page.querySelectorAll('link[rel="stylesheet"]').forEach(function (link) {
      var address = link.getAttribute("href");
      if (document.querySelector('link[href="' + address + '"]')) return;
      var copy = document.createElement("link");
      copy.rel = "stylesheet";
      copy.href = address;
      document.head.appendChild(copy);
    });
  }

  function bar(address) {
    var head = document.createElement("div");
    head.className = "side-bar";
    head.innerHTML =
      '<button type="button" class="btn btn-plain btn-sm" data-step="-1">上一个</button>' +
      '<button type="button" class="btn btn-plain btn-sm" data-step="1">下一个</button>' +
      '<a class="btn btn-plain btn-sm">打开整页</a>' +
      '<button type="button" class="btn btn-plain btn-sm" data-close>关闭</button>';
    head.querySelector("a").href = address;
    return head;
  }

  function show(button) {
    var side = panel();
    var address = button.dataset.panel;
    if (!side) return;
    opener = button;
    fetch(address, { credentials: "same-origin", headers: { Accept: "text/html" } })
      .then(function (answer) { return answer.text(); })
      .then(function (text) {
        var page = new DOMParser().parseFromString(text, "text/html");
        var content = page.getElementById("content");
        if (!content || opener !== button) {
          window.location.assign(address);
          return;
        }
        content.querySelectorAll(".crumbs, .page-actions, .next, script, [data-print]").forEach(function (part) { part.remove(); });
        content.querySelectorAll("h1").forEach(function (title) {
          var lower = document.createElement("h2");
          lower.className = "side-title";
          lower.textContent = title.textContent;
          title.replaceWith(lower);
        });
        bringStyles(page);
        side.textContent = "";
        side.appendChild(bar(address));
        Array.prototype.slice.call(content.childNodes).forEach(function (part) { side.appendChild(document.importNode(part, true)); });
        side.hidden = false;
        side.scrollTop = 0;
        document.documentElement.classList.add("with-panel");
        mark(button);
        side.focus({ preventScroll: true });
      })
      .catch(function () { window.location.assign(address); });
  }

  function step(by) {
    var all = Array.prototype.slice.call(document.querySelectorAll("button[data-panel]"));
    var next = all[all.indexOf(opener) + by];
    if (next) {
      next.closest("tr").scrollIntoView({ block: "nearest" });
      show(next);
    }
  }

  document.addEventListener("click", function (event) {
    var button = event.target.closest("button[data-panel]");
    if (button) show(button);
    var stepper = event.target.closest("[data-step]");
    if (stepper) step(Number(stepper.dataset.step));
    if (event.target.closest("[data-close]")) close();
  });

  document.addEventListener("keydown", function (event) {
    if (event.key === "Escape") close();
  });
})();
