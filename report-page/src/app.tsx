import { ClientPanel } from "./client_panel";
import { CriticalPanel } from "./critical_panel";
import { counted } from "./format";
import { GanttPanel } from "./gantt_panel";
import { announcement, hasOther, instance, plans, shownIndex } from "./state";
import { Summary } from "./summary";
import { Tables } from "./tables";
import { nextTheme, theme } from "./theme";

function PlanSwitch() {
  if (!hasOther) return null;
  return (
    <div class="switch" role="group" aria-label="Plan shown">
      {plans.map((plan, index) => (
        <button key={index} aria-pressed={shownIndex.value === index} onClick={() => (shownIndex.value = index)}>
          {index === 0 ? "This plan" : "Other plan"} <small>{plan.data.method}</small>
        </button>
      ))}
    </div>
  );
}

export function App() {
  const about = `${counted(instance.client_ids.length, "client")}, ${counted(instance.helper_ids.length, "helper")}`;
  return (
    <>
      <header>
        <div>
          <h1>{instance.name || "Plan"}</h1>
          <p class="muted">{about}, times in {instance.time_unit}</p>
        </div>
        <PlanSwitch />
        <button class="theme" onClick={nextTheme} title="Change between the system's, light and dark colours">
          <span aria-hidden="true">{"\u25d0"}</span> {theme.value} colours
        </button>
      </header>
      <main>
        <Summary />
        <GanttPanel />
        <div class="pair">
          <ClientPanel />
          <CriticalPanel />
        </div>
        <Tables />
      </main>
      <footer class="muted">
        splitlane {plans[0].data.splitlane_version}
      </footer>
      <div class="unseen" aria-live="polite">{announcement.value}</div>
    </>
  );
}
