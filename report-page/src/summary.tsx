import { inRealTime, number, percent, realTime, signed, time } from "./format";
import type { Plan } from "./plan";
import { ExecutionCard } from "./execution_card";
import { execution, hasOther, instance, other, plans, shown, shownIndex } from "./state";

function Bar({ label, value, most, kind }: { label: string; value: number; most: number; kind: string }) {
  return (
    <div class="bar-row">
      <span>{label}</span>
      <div class="bar-track" aria-hidden="true">
        <div class={`bar ${kind}`} style={{ width: `${(100 * value) / Math.max(1, most)}%` }} />
      </div>
      <span class="figure">{number(value)}</span>
    </div>
  );
}

function Bars() {
  const most = Math.max(execution?.makespan ?? 0, ...plans.map((plan) => plan.data.makespan));
  const bound = Math.max(...plans.map((plan) => plan.data.lower_bound));
  return (
    <div class="bars">
      <Bar label="lower bound" value={bound} most={most} kind="bound" />
      {plans.map((plan, index) => (
        <Bar
          key={index}
          label={hasOther ? (index === 0 ? "this plan" : "other plan") : execution ? "planned" : "makespan"}
          value={plan.data.makespan}
          most={most}
          kind={index === 0 ? "makespan" : "other"}
        />
      ))}
      {execution && <Bar label="actual" value={execution.makespan} most={most} kind="actual" />}
    </div>
  );
}

function verdict(plan: Plan): string {
  if (plan.data.status === "optimal") return "No plan is shorter: proven.";
  if (Number.isNaN(plan.gap)) return "Nothing is proven about how short a plan could be.";
  return `At most ${percent(plan.gap)} longer than the shortest plan there is.`;
}

function Comparison() {
  const from = other.value;
  if (!from) return null;
  const plan = shown.value;
  const difference = plan.data.makespan - from.data.makespan;
  let [earlier, later, moved] = [0, 0, 0];
  instance.client_ids.forEach((_, client) => {
    const change = plan.data.clients.completion[client] - from.data.clients.completion[client];
    if (change < 0) earlier += 1;
    if (change > 0) later += 1;
    if (plan.data.clients.helper[client] !== from.data.clients.helper[client]) moved += 1;
  });
  const share = from.data.makespan > 0 ? Math.abs(difference) / from.data.makespan : 0;
  const word = difference < 0 ? "shorter" : "longer";
  return (
    <section class="card comparison" aria-label="Comparison">
      <h2>{shownIndex.value === 0 ? "Against the other plan" : "Against this plan"}</h2>
      <p class="big">{difference === 0 ? "equal" : `${percent(share)} ${word}`}</p>
      <p>
        {signed(difference)} {instance.time_unit}; {number(earlier)} clients complete earlier, {number(later)} later, {number(moved)} are
        served elsewhere
      </p>
    </section>
  );
}

export function Summary() {
  const plan = shown.value;
  const { data } = plan;
  const parameters = Object.entries(data.parameters);
  return (
    <div class="cards">
      <section class="card" aria-label="Makespan">
        <h2>{execution ? "Planned makespan" : "Makespan"}</h2>
        <p class="big" data-value={data.makespan}>
          {time(instance, data.makespan)} <small>{inRealTime(instance, data.makespan)}</small>
        </p>
        <p>
          <span class={`badge ${data.status}`}>{data.status}</span> {verdict(plan)}
        </p>
      </section>
      <section class="card" aria-label="Against the bound">
        <h2>
          Gap <small class="figure">{percent(plan.gap)}</small>
        </h2>
        <Bars />
      </section>
      <ExecutionCard />
      <Comparison />
      <section class="card" aria-label="How it was made">
        <h2>{data.method || "Unknown method"}</h2>
        <p>
          seed {data.seed}
          {data.runtime_ms === null ? "" : `, ${realTime(1000 * data.runtime_ms)}`}
        </p>
        {data.binding && (
          <p>
            <b>What binds:</b> {data.binding}
          </p>
        )}
        {parameters.length > 0 && (
          <details>
            <summary>{parameters.length} parameters</summary>
            <ul>
              {parameters.map(([name, value]) => (
                <li key={name}>
                  {name}: {String(value)}
                </li>
              ))}
            </ul>
          </details>
        )}
        {data.warnings.map((warning) => (
          <p key={warning} class="warning">
            {warning}
          </p>
        ))}
      </section>
    </div>
  );
}
