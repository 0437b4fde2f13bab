// Loaded before the page is drawn, so that a remembered theme does not flash.
const remembered = localStorage.getItem("milepost-theme");
if (remembered) document.documentElement.dataset.theme = remembered;
