// What happened to an order, in a customer's words; the technical side of it for who wants to see it.
import { useEffect, useState } from 'preact/hooks';
import { getTimeline, type Step, type Timeline } from '../api/orders';
import { text } from '../text';
import { exactTime } from './time';

const kRefreshMs = 3_000; // while it waits for something

export function TimelineList({ id, version }: { id: string; version: number }) {
  const [timeline, setTimeline] = useState<Timeline | null>(null);
  const [failed, setFailed] = useState(false);
  useEffect(() => {
    let ended = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const look = async () => {
      const answer = await getTimeline(id);
      if (ended) return;
      setFailed(answer.kind !== 'ok');
      if (answer.kind === 'ok') setTimeline(answer.value);
      if (answer.kind !== 'ok' || answer.value.waitingFor !== null || stillTelling(answer.value)) timer = setTimeout(look, kRefreshMs);
    };
    void look();
    return () => {
      ended = true;
      clearTimeout(timer);
    };
  }, [id, version]);
  if (timeline === null) return failed ? <><h2>{text.timeline.title}</h2><p class="muted">{text.timeline.none}</p></> : null;
  const { waitingFor } = timeline;
  return (
    <>
      <h2>{text.timeline.title}</h2>
      <ol class="timeline">
        {timeline.steps.map((step, at) => <StepItem key={at} step={step} />)}
        {waitingFor !== null && (
          <li class="waits">
            <span>{text.timeline.waiting[waitingFor.what] ?? text.timeline.waitingOther}</span>
            <time dateTime={waitingFor.at}>{text.timeline.since(exactTime(waitingFor.at))}</time>
          </li>
        )}
      </ol>
      <details class="technical">
        <summary>{text.timeline.details}</summary>
        <p class="mono">{id}</p>
        <ul>{timeline.steps.map((step, at) => <li key={at} class="mono">{technical(step)}</li>)}</ul>
      </details>
    </>
  );
}

function StepItem({ step }: { step: Step }) {
  return (
    <li class={step.what.toLowerCase()}>
      <span>{said(step)}</span>
      <time dateTime={step.at}>{exactTime(step.at)}</time>
    </li>
  );
}

// An event of a cancelled order may still be on its way, which nobody waits for.
function stillTelling(timeline: Timeline): boolean {
  return timeline.steps.some((step) => step.what === 'TO_BE_PUBLISHED');
}

function said(step: Step): string {
  const { timeline, order } = text;
  if (step.what === 'CANCELLED') return order.reasons[step.reason ?? ''] ?? timeline.steps['CANCELLED']!;
  if (step.what === 'RECEIVED' && step.handled === 'IGNORED') return timeline.ignored;
  if (step.event === 'OrderCancelled' && step.what === 'PUBLISHED') return timeline.cancelTold;
  if (step.event === 'OrderCancelled' && step.what === 'TO_BE_PUBLISHED') return timeline.cancelToBeTold;
  return timeline.steps[step.what] ?? timeline.other;
}

function technical(step: Step): string {
  const where = step.topic === undefined ? '' : ` ${step.topic}${step.partition === undefined ? '' : `[${step.partition}]@${step.offset}`}`;
  const rest = [step.event, step.handled, step.reason, step.version === undefined ? undefined : `version ${step.version}`].filter(Boolean).join(' ');
  return `${step.at} ${step.what} ${rest}${where}`;
}
