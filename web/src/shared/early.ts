// Runs before anything is painted, as a plain script of the head (see frame.ts): what would move the whole page if it
// came later. It imports nothing, so that it is one small file.
{
  const { documentElement } = document;
  if (new URLSearchParams(location.search).get("embed") === "1") {
    documentElement.classList.add("embedded");
  } else {
    try {
      if (localStorage.getItem("yizhan.type") === "large") documentElement.dataset["type"] = "large";
    } catch {
      // Storage is forbidden here: the type has its usual size.
    }
  }
}
