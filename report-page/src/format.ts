import type { InstanceData } from "./data";

// One spelling of numbers on every machine, whatever its language.
const grouped = [0, 1, 2, 3].map((digits) => new Intl.NumberFormat("en-US", { maximumFractionDigits: digits }));

/** Whole numbers as they are, others (actual times) with five significant digits and at most three decimals. */
export function number(value: number): string {
  const whole = Math.floor(Math.log10(Math.max(1, Math.abs(value)))) + 1;
  return grouped[Number.isInteger(value) ? 0 : Math.min(3, Math.max(0, 5 - whole))].format(value);
}

export function signed(value: number): string {
  if (value === 0) return "0";
  return (value < 0 ? "\u2212" : "+") + number(Math.abs(value));
}

/** Two decimals below 10 %, one below 100 %, none above. */
export function percent(share: number): string {
  if (Number.isNaN(share)) return "unknown";
  const value = 100 * share;
  return `${value.toFixed(Math.abs(value) < 10 ? 2 : Math.abs(value) < 100 ? 1 : 0)} %`;
}

export function counted(count: number, noun: string): string {
  return `${number(count)} ${noun}${count === 1 ? "" : "s"}`;
}

/** Three significant digits, in the unit that suits them. */
export function realTime(microseconds: number): string {
  const units: [number, string][] = [
    [3600e6, "h"],
    [60e6, "min"],
    [1e6, "s"],
    [1e3, "ms"],
  ];
  for (const [size, name] of units) {
    if (microseconds >= (name === "min" ? 2 : 1) * size) return `${Number((microseconds / size).toPrecision(3))} ${name}`;
  }
  return `${Number(microseconds.toPrecision(3))} us`;
}

/** "136 slots"; `time_unit` comes as the plural that reads well behind a number. */
export function time(instance: InstanceData, value: number): string {
  return `${number(value)} ${instance.time_unit}`;
}

/** The real time of `value`, or nothing where the unit's length is unknown or it would only repeat the number. */
export function inRealTime(instance: InstanceData, value: number): string {
  if (instance.unit_us < 0) return "";
  const text = realTime(value * instance.unit_us);
  return text === time(instance, value) ? "" : text;
}
