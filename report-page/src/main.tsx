import { render } from "preact";

import { App } from "./app";
import { instance } from "./state";

const page = document.getElementById("page");
if (page) {
  document.title = `${instance.name || "plan"} - splitlane report`;
  page.textContent = "";
  render(<App />, page);
}
