import { effect, signal } from "@preact/signals";

export type Theme = "system" | "light" | "dark";
const THEMES: Theme[] = ["system", "light", "dark"];
const KEY = "splitlane-report-theme";

// A browser may deny a page from disk its storage; then the choice lasts as long as the page.
function stored(): Theme {
  try {
    const value = localStorage.getItem(KEY) as Theme;
    return THEMES.includes(value) ? value : "system";
  } catch {
    return "system";
  }
}

export const theme = signal<Theme>(stored());

const prefersDark = matchMedia("(prefers-color-scheme: dark)");
export const isDark = signal(false);

function apply() {
  isDark.value = theme.value === "system" ? prefersDark.matches : theme.value === "dark";
  document.documentElement.dataset.theme = isDark.value ? "dark" : "light";
}

prefersDark.addEventListener("change", apply);
effect(() => {
  apply();
  try {
    localStorage.setItem(KEY, theme.value);
  } catch {
    return;
  }
});

export function nextTheme() {
  theme.value = THEMES[(THEMES.indexOf(theme.value) + 1) % THEMES.length];
}
