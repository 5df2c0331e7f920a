// What a reader would lose when the page changes: the place on it, and the selection.

import { isOurs } from "./dom.js";

/** What stands at the top of the window: the result brings it back there, whatever was added above. */
export function holdView() {
  if (!scrollY && !scrollX) {
    return () => {};
  }
  const middle = document.documentElement.clientWidth / 2;
  const seen = [];
  for (let y = 1; y < innerHeight && seen.length < 8; y += 40) {
    const element = document.elementFromPoint(middle, y);
    if (
      element &&
      !isOurs(element) &&
      element !== document.documentElement &&
      element !== document.body
    ) {
      seen.push([element, element.getBoundingClientRect().top]);
    }
  }
  // Small elements tell a place better than those that hold half of the page.
  seen.sort(([one], [other]) => one.clientHeight - other.clientHeight);
  return () => {
    const found = seen.find(([element]) => element.isConnected);
    const moved = found ? found[0].getBoundingClientRect().top - found[1] : 0;
    if (Math.abs(moved) >= 1) {
      scrollBy({ top: moved, behavior: "instant" });
    }
  };
}

/** What is selected: the result selects it again if the selection was lost and its ends still exist. */
export function holdSelection() {
  const selection = getSelection();
  if (!selection.rangeCount || selection.isCollapsed) {
    return () => {};
  }
  const { anchorNode, anchorOffset, focusNode, focusOffset } = selection;
  return () => {
    const lost = selection.isCollapsed && anchorNode.isConnected && focusNode.isConnected;
    if (lost && anchorOffset <= lengthOf(anchorNode) && focusOffset <= lengthOf(focusNode)) {
      selection.setBaseAndExtent(anchorNode, anchorOffset, focusNode, focusOffset);
    }
  };
}

function lengthOf(node) {
  return node.data?.length ?? node.childNodes.length;
}
