import { number, time } from "./format";
import type { Target } from "./gantt";
import { execution, instance, shown } from "./state";

export interface Pointed {
  target: Target;
  x: number;
  y: number;
}

const WIDTH = 250;

interface Seen {
  client: number;
  batch: number;
  helper: number;
  kind: string;
  start: number;
  end: number;
}

function seen(target: Target): Seen {
  const { course } = target;
  if (!("segment" in target)) return { ...target.step, helper: course.helperOf(target.step.client) };
  const { segments } = course;
  const { segment, helper } = target;
  const batch = execution && course === execution ? execution.data.segments.batch[segment] : 0;
  const kind = segments.task[segment] === 0 ? "forward" : "backward";
  return { client: segments.client[segment], batch, helper, kind, start: segments.start[segment], end: segments.end[segment] };
}

function lines(target: Target): [string, string[]] {
  const { course } = target;
  const { client, batch, helper, kind, start, end } = seen(target);
  const isActual = course === execution;
  const name = execution ? ` (${isActual ? "actual" : "planned"})` : "";
  const completion = course.completion(client);
  const details = [
    helper < 0 ? "trains alone" : `on ${instance.helper_ids[helper]}`,
    `${number(start)} to ${number(end)}, ${time(instance, end - start)}`,
  ];
  if (execution && isActual) {
    if (execution.mostBatches > 1) details.push(`batch ${batch + 1} of ${execution.mostBatches}`);
    const planned = "segment" in target ? execution.plannedEnd(target.segment) : NaN;
    if (!Number.isNaN(planned)) details.push(`planned end ${number(planned)}${end > planned ? `, ${number(end - planned)} late` : ""}`);
  }
  const waits = execution && isActual ? execution.waiting(client) : shown.value.queuing(client);
  details.push(`${Number.isNaN(completion) ? "does not complete" : `completes at ${number(completion)}`}, waits ${number(waits)}`);
  return [`${instance.client_ids[client]} ${kind}${name}`, details];
}

export function Tooltip({ pointed, within }: { pointed: Pointed | null; within: number }) {
  if (!pointed) return null;
  const [heading, details] = lines(pointed.target);
  const left = Math.max(4, Math.min(pointed.x + 14, within - WIDTH));
  return (
    <div class="tooltip" role="tooltip" style={{ left: `${left}px`, top: `${pointed.y + 18}px`, maxWidth: `${WIDTH}px` }}>
      <b>{heading}</b>
      {details.map((line) => (
        <div key={line}>{line}</div>
      ))}
    </div>
  );
}
