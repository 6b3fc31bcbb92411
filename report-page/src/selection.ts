import { number } from "./format";
import { announcement, focusedHelper, followed, instance, rows, shown, told } from "./state";

export function follow(client: number) {
  followed.value = client;
  if (client < 0) {
    announcement.value = "No client is followed";
    return;
  }
  const course = told.value;
  if (course.helperOf(client) >= 0) focusedHelper.value = course.helperOf(client);
  const completion = course.completion(client);
  const end = Number.isNaN(completion) ? "does not complete" : `completes at ${number(completion)}`;
  announcement.value = `Following ${instance.client_ids[client]}, ${end}`;
}

/** Moves the keyboard's row by so many; to the first one when there was none. */
export function focusRow(change: number) {
  const order = rows.value;
  const row = focusedHelper.value < 0 ? 0 : order.indexOf(focusedHelper.value) + change;
  const helper = order[Math.min(order.length - 1, Math.max(0, row))];
  focusedHelper.value = helper;
  const course = told.value;
  announcement.value =
    `Helper ${instance.helper_ids[helper]}: ${number(shown.value.clientCount[helper])} clients, ` +
    `busy ${number(course.busy[helper])}, last client completes at ${number(course.lastEnd[helper])}`;
}

/** The segment before or after that of the followed client, on the row of the keyboard. */
export function neighbour(segment: number, change: number): number {
  const helper = focusedHelper.value;
  if (helper < 0) return -1;
  const [from, to] = told.value.lane(helper);
  if (from === to) return -1;
  if (segment < from || segment >= to) return change > 0 ? from : to - 1;
  return Math.min(to - 1, Math.max(from, segment + change));
}
