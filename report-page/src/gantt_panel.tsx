import { effect } from "@preact/signals";
import { useEffect, useRef, useState } from "preact/hooks";

import type { Course } from "./course";
import { number, time } from "./format";
import { Gantt, type Target } from "./gantt";
import type { PinnedLane } from "./gantt_layout";
import { Overview } from "./overview";
import { focusRow, follow, neighbour } from "./selection";
import {
  execution, focusedHelper, followed, helperOrder, instance, latest, other, rows, showsCriticalPath, shown, span, told, visible,
  type HelperOrder,
} from "./state"; // prettier-ignore
import { isDark } from "./theme";
import { Tooltip, type Pointed } from "./tooltip";

const ORDERS: [HelperOrder, string][] = [
  ["end", "last completion"],
  ["load", "load"],
  ["clients", "clients"],
  ...(execution ? [["late", "late tasks"] as [HelperOrder, string]] : []),
  ["given", "instance"],
];

function pinnedLanes(): PinnedLane[] {
  const courses: [Course, string][] = execution ? [[shown.value, "planned"], [execution, "actual"]] : [[shown.value, ""]];
  const lanes: PinnedLane[] = [];
  const client = followed.value;
  for (const [course, name] of showsCriticalPath.value ? courses : []) {
    lanes.push({ label: name ? `${name} path` : "critical path", kind: "critical", steps: course.criticalPath, course });
  }
  for (const [course, name] of client >= 0 ? courses : []) {
    lanes.push({ label: `${instance.client_ids[client]} ${name}`.trim(), kind: "followed", steps: course.steps(client), course });
  }
  return lanes;
}

/** Keeps chart and overview in step with what the page shares. */
function connect(gantt: Gantt, overview: Overview): () => void {
  const stops = [
    effect(() => {
      gantt.show(
        {
          plan: shown.value,
          execution,
          helperIds: instance.helper_ids,
          clientIds: instance.client_ids,
          rows: rows.value,
          followed: followed.value,
          focusedHelper: focusedHelper.value,
          showsCriticalPath: showsCriticalPath.value,
          otherMakespan: other.value?.data.makespan ?? null,
          timeUnit: instance.time_unit,
        },
        pinnedLanes(),
      );
    }),
    effect(() => overview.show(told.value, rows.value)),
    effect(() => {
      if (focusedHelper.value >= 0) gantt.reveal(rows.value.indexOf(focusedHelper.value));
    }),
    effect(() => {
      // Read, so that a change of theme comes here.
      void isDark.value;
      gantt.recolour();
      overview.recolour();
    }),
  ];
  return () => stops.forEach((stop) => stop());
}

function Legend() {
  const bound = shown.value.data;
  return (
    <ul class="legend" aria-label="Legend">
      <li><i class="swatch forward" />forward</li>
      <li><i class="swatch backward" />backward</li>
      <li><i class="swatch client" />on the client</li>
      <li><i class="swatch waiting" />waiting, switching</li>
      <li><i class="swatch critical" />critical path</li>
      {execution && <li><i class="swatch late" />past its planned end</li>}
      <li><i class="line makespan" />{execution ? "planned makespan" : "makespan"}</li>
      {execution && <li><i class="line actual" />actual makespan</li>}
      {bound.lower_bound < bound.makespan && bound.lower_bound > 0 && <li><i class="line bound" />lower bound</li>}
      {other.value && <li><i class="line other" />other plan</li>}
    </ul>
  ); // prettier-ignore
}

function Controls({ gantt }: { gantt: () => Gantt | null }) {
  return (
    <div class="controls">
      <label>
        Sort helpers by{" "}
        <select value={helperOrder.value} onChange={(event) => (helperOrder.value = event.currentTarget.value as HelperOrder)}>
          {ORDERS.map(([order, name]) => (
            <option key={order} value={order}>
              {name}
            </option>
          ))}
        </select>
      </label>
      <label>
        <input
          type="checkbox"
          checked={showsCriticalPath.value}
          onChange={(event) => (showsCriticalPath.value = event.currentTarget.checked)}
        />{" "}
        Critical path
      </label>
      <span class="grow" />
      <output class="muted range" aria-label="Visible time">
        {number(Math.max(0, Math.ceil(visible.value[0])))} to {time(instance, Math.min(latest, Math.floor(visible.value[1])))}
      </output>
      <div class="buttons" role="group" aria-label="Zoom">
        <button aria-label="Zoom out" onClick={() => gantt()?.zoomBy(1 / 1.6)}>{"\u2212"}</button>
        <button aria-label="Zoom in" onClick={() => gantt()?.zoomBy(1.6)}>+</button>
        <button onClick={() => gantt()?.zoomOut()}>All</button>
      </div>
    </div>
  ); // prettier-ignore
}

export function GanttPanel() {
  const scroller = useRef<HTMLDivElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const frame = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const surface = useRef<HTMLDivElement>(null);
  const map = useRef<HTMLCanvasElement>(null);
  const chart = useRef<Gantt | null>(null);
  const segment = useRef(-1);
  const [pointed, setPointed] = useState<Pointed | null>(null);

  useEffect(() => {
    const overview = new Overview(map.current!, span, (at, row) => gantt.centre(at, row));
    const elements = {
      scroller: scroller.current!, content: content.current!, frame: frame.current!, canvas: canvas.current!,
      surface: surface.current!,
    }; // prettier-ignore
    const gantt = new Gantt(elements, span, (range, shownRows) => {
      visible.value = range;
      overview.frame({ time: range, rows: shownRows });
    });
    chart.current = gantt;
    return connect(gantt, overview);
  }, []);

  const at = (event: MouseEvent): [number, number] => {
    const box = frame.current!.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  };
  const point = (event: MouseEvent) => {
    const [x, y] = at(event);
    const target = event.buttons === 0 ? (chart.current?.targetAt(x, y) ?? null) : null;
    setPointed(target && { target, x, y });
  };
  const click = (event: MouseEvent) => {
    const [x, y] = at(event);
    const target = chart.current?.targetAt(x, y);
    if (!target) {
      const helper = chart.current?.helperAt(y) ?? -1;
      if (helper >= 0) focusedHelper.value = helper;
      return;
    }
    if ("segment" in target && target.course === told.value) segment.current = target.segment;
    follow(clientOf(target));
  };
  const walk = (change: number) => {
    const next = neighbour(segment.current, change);
    if (next < 0) return;
    segment.current = next;
    const { client, start, end } = told.value.segments;
    const helper = focusedHelper.value;
    follow(client[next]);
    chart.current?.revealTime(start[next]);
    const [x, y] = chart.current!.positionOf(rows.value.indexOf(helper), start[next], end[next]);
    setPointed({ target: { segment: next, helper, course: told.value }, x, y });
  };
  const onKey = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const keys: Record<string, () => void> = {
      ArrowLeft: () => chart.current?.panBy(-0.15),
      ArrowRight: () => chart.current?.panBy(0.15),
      ArrowUp: () => focusRow(-1),
      ArrowDown: () => focusRow(1),
      "+": () => chart.current?.zoomBy(1.6),
      "=": () => chart.current?.zoomBy(1.6),
      "-": () => chart.current?.zoomBy(1 / 1.6),
      "0": () => chart.current?.zoomOut(),
      n: () => walk(1),
      p: () => walk(-1),
      Escape: () => {
        follow(-1);
        setPointed(null);
      },
    };
    const act = keys[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  };

  return (
    <section class="card gantt" aria-label="Gantt chart">
      <Controls gantt={() => chart.current} />
      <Legend />
      <canvas class="overview" ref={map} aria-hidden="true" title="Busy share of all helpers over time; drag to move the chart" />
      <div class="scroller" ref={scroller} tabIndex={-1}>
        <div class="content" ref={content}>
          <div class="frame" ref={frame} onMouseMove={point} onMouseLeave={() => setPointed(null)} onClick={click}>
            <canvas class="chart" ref={canvas} aria-hidden="true" />
            <div
              class="surface"
              ref={surface}
              tabIndex={0}
              role="application"
              aria-roledescription="Gantt chart"
              aria-label={`${number(instance.helper_ids.length)} helpers, one a row${execution ? ", planned above actual" : ""}, over time`}
              aria-describedby="gantt-keys"
              onKeyDown={onKey}
            />
            <Tooltip pointed={pointed} within={scroller.current?.clientWidth ?? 0} />
          </div>
        </div>
      </div>
      <p class="muted keys" id="gantt-keys">
        Drag to move, <kbd>Ctrl</kbd>+wheel to zoom, click a task to follow its client. Keys: <kbd>{"\u2190"}</kbd> <kbd>{"\u2192"}</kbd> move,{" "}
        <kbd>+</kbd> <kbd>{"\u2212"}</kbd> <kbd>0</kbd> zoom, <kbd>{"\u2191"}</kbd> <kbd>{"\u2193"}</kbd> row, <kbd>n</kbd> <kbd>p</kbd> next and
        previous task, <kbd>Esc</kbd> stop following.
      </p>
    </section>
  );
}

function clientOf(target: Target): number {
  return "segment" in target ? target.course.segments.client[target.segment] : target.step.client;
}
