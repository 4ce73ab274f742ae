// What scrolls sideways can be reached and scrolled with the keys.
function reach() {
  for (const box of document.querySelectorAll('pre, .table-wrapper, .output, .math')) {
    if (box.scrollWidth > box.clientWidth) box.tabIndex = 0; else box.removeAttribute('tabindex');
  }
}
addEventListener('load', reach);
addEventListener('resize', reach);
