// The page of a training that runs (`--dashboard`). The server tells its state as server-sent events, always the newest;
// what a round came to is the training's own report, in a frame.

interface Member {
  role: string;
  id: string;
  state: "awaited" | "here" | "lost" | "left";
  reason?: string;
}

interface Status {
  name: string;
  rounds: number;
  round: number;
  batches?: number;
  batches_of_round: number;
  last?: { round: number; planned_us: number; measured_us: number; loss: number | null; accuracy: number; test_accuracy?: number };
  members: Member[];
}

function element<Kind extends HTMLElement>(id: string): Kind {
  return document.getElementById(id) as Kind;
}

const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
const seconds = (microseconds: number) => `${(microseconds / 1e6).toFixed(3)} s`;

let shownMembers = "";
let shownRound = 0;

function showMembers(members: Member[]): void {
  const now = JSON.stringify(members);
  if (now === shownMembers) return;
  shownMembers = now;
  const here = members.filter((member) => member.state === "here").length;
  const lost = members.filter((member) => member.state === "lost").length;
  element("counts").textContent = `Members: ${here} of ${members.length} here${lost > 0 ? `, ${lost} lost` : ""}`;
  element("members").replaceChildren(
    ...members.map((member) => {
      const item = document.createElement("li");
      item.className = member.state;
      item.textContent = `${member.role} ${member.id}: ${member.state}${member.reason ? ` (${member.reason})` : ""}`;
      return item;
    }),
  );
}

function courseOf(status: Status): string {
  if (status.last?.round === status.rounds) return `All ${status.rounds} rounds are done.`;
  if (status.round === 0) return `Waits for its nodes; ${status.rounds} rounds to train.`;
  const batches = status.batches === undefined ? "" : `: ${status.batches} of ${status.batches_of_round} batches`;
  return `Round ${status.round} of ${status.rounds}${batches}.`;
}

function showLast(last: Status["last"]): void {
  if (!last || last.round === shownRound) return;
  shownRound = last.round;
  const planned = last.planned_us > 0 ? `planned ${seconds(last.planned_us)}, ` : "";
  const loss = last.loss === null ? "none" : last.loss.toFixed(4);
  const test = last.test_accuracy === undefined ? "" : `, test accuracy ${percent(last.test_accuracy)}`;
  element("last").textContent =
    `Round ${last.round}: ${planned}measured ${seconds(last.measured_us)}, loss ${loss}, accuracy ${percent(last.accuracy)}${test}.`;
  // The place in the report stays, where the browser can see it.
  const frame = element<HTMLIFrameElement>("report");
  const top = frame.contentWindow?.scrollY ?? 0;
  frame.onload = () => frame.contentWindow?.scrollTo(0, top);
  frame.src = `report?round=${last.round}`;
}

function show(status: Status): void {
  if (status.name === "") return;
  element("name").textContent = `Training of ${status.name}`;
  document.title = `${status.round} of ${status.rounds} - ${status.name} - splitlane`;
  const course = element("course");
  course.textContent = courseOf(status);
  course.className = "";
  const bar = element<HTMLProgressElement>("batches");
  bar.hidden = status.batches === undefined;
  bar.max = Math.max(1, status.batches_of_round);
  bar.value = status.batches ?? 0;
  showMembers(status.members);
  showLast(status.last);
}

const events = new EventSource("events");
events.onmessage = (event) => show(JSON.parse(event.data));
events.onerror = () => {
  const course = element("course");
  course.textContent = "The training does not answer: it has ended, or cannot be reached.";
  course.className = "gone";
};
