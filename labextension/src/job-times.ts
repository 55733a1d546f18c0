import type { Envlink } from './tokens';

import type { TranslationBundle } from '@jupyterlab/translation';

/** From here on a job's percent says something about its time: percent, and seconds. */
const TELLING = { percent: 10, seconds: 5 };

/** So many others tell how long an operation takes. */
const ENOUGH = 3;

/** Seconds for which a job has been running; 0 where it has not begun, or the clocks differ. */
export function elapsed({ started }: Envlink.IJob, now: number): number {
  return started ? Math.max(0, (now - Date.parse(started)) / 1000) : 0;
}

/**
 * Seconds that a job will still take, as far as can be told; `null` where it cannot.
 *
 * What the same operation on the same environment took last counts first, then how far this one is, then what others
 * of its kind took.
 */
export function remaining(
  job: Envlink.IJob,
  jobs: readonly Envlink.IJob[],
  now: number
): number | null {
  const gone = elapsed(job, now);
  const others = jobs.filter(each => isAlike(each, job));
  const same = others.find(each => each.prefix === job.prefix);
  const byPercent =
    job.percent && job.percent >= TELLING.percent && gone >= TELLING.seconds
      ? (gone * 100) / job.percent
      : null;
  const whole =
    (same && duration(same) > gone ? duration(same) : null) ??
    byPercent ??
    (others.length >= ENOUGH ? median(others.map(duration)) : null);
  return whole !== null && whole > gone ? whole - gone : null;
}

/** A span of time as a clock shows it: `1:05`, `1:02:03`. */
export function clockWord(seconds: number): string {
  const whole = Math.floor(seconds);
  const two = (value: number) => String(value).padStart(2, '0');
  const minutes = Math.floor(whole / 60);
  return minutes < 60
    ? `${minutes}:${two(whole % 60)}`
    : `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${two(whole % 60)}`;
}

/** How long it will still take: never more exact than is known. */
export function remainingWord(
  seconds: number,
  trans: TranslationBundle
): string {
  if (seconds < 10) {
    return trans.__('a few seconds left');
  }
  if (seconds <= 55) {
    return trans.__('about %1 s left', Math.ceil(seconds / 10) * 10);
  }
  const minutes = Math.ceil(seconds / 60);
  return minutes < 60
    ? trans.__('about %1 min left', minutes)
    : trans.__('about %1 h left', Math.round(minutes / 60));
}

function isAlike(other: Envlink.IJob, job: Envlink.IJob): boolean {
  return (
    other.id !== job.id &&
    other.operation === job.operation &&
    other.status === 'succeeded' &&
    other.phases.join() === job.phases.join() &&
    other.started !== null &&
    other.finished !== null
  );
}

function duration({ finished, started }: Envlink.IJob): number {
  return (Date.parse(finished ?? '') - Date.parse(started ?? '')) / 1000;
}

function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}
