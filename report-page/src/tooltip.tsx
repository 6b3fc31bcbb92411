import { number, time } from "./format";
import type { Target } from "./gantt";
import { instance, shown } from "./state";

export interface Pointed {
  target: Target;
  x: number;
  y: number;
}

const WIDTH = 250;

function lines(target: Target): [string, string[]] {
  const { clients, segments } = shown.value.data;
  const isSegment = "segment" in target;
  const [client, kind, start, end] = isSegment
    ? [
        segments.client[target.segment],
        segments.task[target.segment] === 0 ? "forward" : "backward",
        segments.start[target.segment],
        segments.end[target.segment],
      ]
    : [target.phase.client, target.phase.kind, target.phase.start, target.phase.end];
  const helper = clients.helper[client];
  return [
    `${instance.client_ids[client]} ${kind}`,
    [
      helper < 0 ? "trains alone" : `on ${instance.helper_ids[helper]}`,
      `${number(start)} to ${number(end)}, ${time(instance, end - start)}`,
      `completes at ${number(clients.completion[client])}, waits ${number(shown.value.queuing(client))}`,
    ],
  ];
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
