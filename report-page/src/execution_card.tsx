import { counted, inRealTime, number, percent, signed, time } from "./format";
import type { Execution, LateTask } from "./execution";
import { follow } from "./selection";
import { execution, instance } from "./state";

const MOST_NAMED = 3;

function Client({ client }: { client: number }) {
  return (
    <button class="link" onClick={() => follow(client)}>
      {instance.client_ids[client]}
    </button>
  );
}

function Late({ word, task }: { word: string; task: LateTask | undefined }) {
  if (!task) return null;
  return (
    <p>
      {word} {task.task === 0 ? "forward" : "backward"} of <Client client={task.client} /> on {instance.helper_ids[task.helper]},{" "}
      {number(task.end)} instead of {number(task.plannedEnd)}{" "}
      <b class="late-text">{signed(task.end - task.plannedEnd)}</b>
    </p>
  );
}

function Clients({ clients, words }: { clients: number[]; words: string }) {
  if (clients.length === 0) return null;
  return (
    <p>
      {counted(clients.length, "client")} {words}:{" "}
      {clients.slice(0, MOST_NAMED).map((client) => (
        <>
          <Client key={client} client={client} />{" "}
        </>
      ))}
      {clients.length > MOST_NAMED && `and ${number(clients.length - MOST_NAMED)} more`}
    </p>
  );
}

/** Against the plan; of several batches only the first is, which is all that the plan speaks of. */
function verdict(of: Execution): string {
  if (of.criticalClient < 0) return "no batch was completed";
  if (of.mostBatches > 1) return `${of.mostBatches} batches, of which the plan is the first`;
  const difference = of.makespan - of.plan.makespan;
  if (difference === 0) return "as planned";
  const share = of.plan.makespan > 0 ? ` (${percent(Math.abs(difference) / of.plan.makespan)})` : "";
  return `${signed(difference)} ${instance.time_unit}${share} against the plan`;
}

/** Where the execution left its plan. */
export function ExecutionCard() {
  if (!execution) return null;
  const { data, late } = execution;
  return (
    <section class="card execution" aria-label="Execution">
      <h2>
        Execution <small>{data.source}, rule {data.rule}</small>
      </h2>
      <p class="big">
        {time(instance, execution.makespan)} <small>{inRealTime(instance, execution.makespan)}</small>
      </p>
      <p>{verdict(execution)}</p>
      <p>
        {late.length === 0 ? "No task was late." : `${counted(late.length, "task")} late.`}
        {data.time_scale !== 1 && ` Time scale ${data.time_scale}.`}
        {data.pace_kept !== null && ` Pace kept by ${percent(data.pace_kept)} of the layers.`}
      </p>
      <Late word="First:" task={late[0]} />
      <Late word="Most:" task={execution.latest} />
      <Clients clients={execution.incomplete} words="not complete" />
      <Clients clients={execution.moved} words="moved" />
    </section>
  ); // prettier-ignore
}
