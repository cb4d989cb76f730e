// Times as the customer's own clock and habit tell them.

const clock = new Intl.DateTimeFormat(undefined, { hour: 'numeric', minute: '2-digit' });
const exact = new Intl.DateTimeFormat(undefined, { hour: 'numeric', minute: '2-digit', second: '2-digit' });
const day = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short', hour: 'numeric', minute: '2-digit' });

export function clockTime(time: string | number): string {
  const date = new Date(time);
  return sameDay(date) ? clock.format(date) : day.format(date);
}

export function exactTime(time: string | number): string {
  return exact.format(new Date(time));
}

function sameDay(date: Date): boolean {
  return date.toDateString() === new Date().toDateString();
}
