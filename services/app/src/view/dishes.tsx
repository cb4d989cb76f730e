// Pictures of the dishes, drawn here: no request, no font, sharp on every screen. They say nothing that the name does not.
import type { ComponentChildren } from 'preact';

const drawn: Record<string, () => ComponentChildren> = {
  burger: () => (
    <>
      <path d="M16 44c0-15 14-24 32-24s32 9 32 24z" fill="#e59a3c" />
      <path d="M34 30l4 3M48 26l1 4M61 31l-4 3M44 37l3 2M56 38l-3 1" stroke="#fff3d6" stroke-width="2.6" stroke-linecap="round" />
      <path d="M13 50q6-6 12 0t12 0 12 0 12 0 12 0 10-2v7H13z" fill="#6fae3f" />
      <path d="M14 56h68l-12 8-8-5-10 6-9-6z" fill="#f7c948" />
      <rect x="13" y="59" width="70" height="10" rx="5" fill="#7a3e1d" />
      <path d="M15 71h66v2c0 6-5 9-11 9H26c-6 0-11-3-11-9z" fill="#e0913a" />
    </>
  ),
  fries: () => (
    <>
      <path d="M26 18l8-1 3 36-9 1zM38 12l8 0 0 40-8 0zM50 14l8 1-3 38-8-1zM61 19l8 3-8 34-8-3zM18 27l7-3 8 31-8 2z" fill="#f6c445" />
      <path d="M38 12l8 0 0 40-4 0zM61 19l8 3-8 34-4-2z" fill="#e9ad2b" />
      <path d="M18 42q30 14 60 0l-7 40q-1 4-5 4H30q-4 0-5-4z" fill="#d6402b" />
      <path d="M38 58q10 6 20 0l-2 14q-8 4-16 0z" fill="#fff" opacity=".85" />
    </>
  ),
  pizza: () => (
    <>
      <path d="M48 88L12 26q36-20 72 0z" fill="#f5c550" />
      <path d="M12 26q36-20 72 0l-5 8q-31-16-62 0z" fill="#cf8436" />
      <circle cx="38" cy="42" r="7.5" fill="#cc3a28" /><circle cx="58" cy="46" r="7.5" fill="#cc3a28" /><circle cx="47" cy="64" r="6.5" fill="#cc3a28" />
      <path d="M47 38q5-6 9-1-4 5-9 1zM50 55q6-2 6 4-6 1-6-4zM36 55q-4-5 2-7 3 5-2 7z" fill="#4f8f3a" />
    </>
  ),
  noodles: () => (
    <>
      <path d="M60 8l22 38M70 6l16 40" stroke="#a5672f" stroke-width="3.6" stroke-linecap="round" />
      <path d="M20 50q2-18 28-18t28 18z" fill="#f4cf72" />
      <path d="M24 48q4-12 12 0 4-16 12 0 4-16 12 0 4-12 12 0" fill="none" stroke="#d99f37" stroke-width="3.4" stroke-linecap="round" />
      <circle cx="36" cy="38" r="5" fill="#5f9f42" /><circle cx="58" cy="36" r="4" fill="#d6402b" />
      <path d="M12 48h72c0 20-13 34-28 36H40C25 82 12 68 12 48z" fill="#2f6f8f" />
      <path d="M16 58q32 10 64 0" stroke="#fff" stroke-width="2.6" fill="none" opacity=".65" />
    </>
  ),
  sushi: () => (
    <>
      <rect x="10" y="52" width="40" height="24" rx="11" fill="#fdfaf3" /><path d="M9 54q4-16 22-16t21 16q-10 5-21 2t-22-2z" fill="#f2784b" />
      <path d="M18 46l6 8M28 42l6 12M39 42l5 11" stroke="#ffd0b5" stroke-width="3" stroke-linecap="round" />
      <rect x="54" y="40" width="32" height="36" rx="9" fill="#26433a" /><ellipse cx="70" cy="42" rx="16" ry="9" fill="#fdfaf3" />
      <circle cx="70" cy="42" r="5" fill="#e2523a" /><path d="M8 82h80" stroke="#a5672f" stroke-width="5" stroke-linecap="round" />
    </>
  ),
  salad: () => (
    <>
      <path d="M22 46q-6-18 10-20 2-12 16-9 12-7 20 4 14 2 8 25z" fill="#74b24a" />
      <path d="M34 44q-2-14 10-18M52 44q0-16 12-18" stroke="#4f8f3a" stroke-width="3" fill="none" stroke-linecap="round" />
      <circle cx="36" cy="40" r="7" fill="#d6402b" /><circle cx="62" cy="41" r="6" fill="#d6402b" /><circle cx="49" cy="34" r="5" fill="#f4cf4c" />
      <path d="M12 46h72c0 22-14 36-36 36S12 68 12 46z" fill="#f0e6d6" /><path d="M18 56q30 10 60 0" stroke="#cdbfa9" stroke-width="2.6" fill="none" />
    </>
  ),
  soup: () => (
    <>
      <path d="M36 10q-6 6 0 12t0 12M50 6q-6 7 0 14t0 14M64 10q-6 6 0 12t0 12" stroke="#c9b8a6" stroke-width="3.4" fill="none" stroke-linecap="round" />
      <ellipse cx="48" cy="46" rx="36" ry="9" fill="#e0682f" /><circle cx="36" cy="46" r="3.4" fill="#f6d27a" /><circle cx="56" cy="44" r="3" fill="#6fae3f" /><circle cx="47" cy="49" r="2.6" fill="#6fae3f" />
      <path d="M12 46c0 4 16 9 36 9s36-5 36-9c0 22-13 34-26 36H38C25 80 12 68 12 46z" fill="#c8380f" />
      <path d="M30 84h36" stroke="#8f2508" stroke-width="5" stroke-linecap="round" />
    </>
  ),
  cola: () => (
    <>
      <path d="M54 22L62 6l12-2" stroke="#d6402b" stroke-width="4" fill="none" stroke-linecap="round" stroke-linejoin="round" />
      <path d="M24 26h48l-6 56q0 4-5 4H35q-5 0-5-4z" fill="#5b2b1a" />
      <path d="M24 26h48l-1 10H25z" fill="#f0e6d6" />
      <path d="M28 56h40l-2 16H30z" fill="#d6402b" /><path d="M32 66q8-10 16-3t16-3" stroke="#fff" stroke-width="3" fill="none" stroke-linecap="round" />
      <circle cx="40" cy="46" r="2.4" fill="#b98567" /><circle cx="56" cy="43" r="2" fill="#b98567" /><circle cx="49" cy="50" r="2.6" fill="#b98567" />
    </>
  ),
};

const pictures = new Map(Object.entries(drawn)); // no SKU is the name of something else

function plate() {
  return (
    <>
      <circle cx="48" cy="50" r="34" fill="#f0e6d6" /><circle cx="48" cy="50" r="23" fill="#fffaf2" />
      <path d="M32 50q8-16 16 0t16 0" stroke="#e59a3c" stroke-width="6" fill="none" stroke-linecap="round" />
      <circle cx="40" cy="58" r="4" fill="#6fae3f" /><circle cx="58" cy="42" r="4" fill="#d6402b" />
    </>
  );
}

// A ground for each dish, by its name, so that the same dish always has the same one.
const kGrounds = 6;
function groundOf(sku: string): number {
  let sum = 0;
  for (const letter of sku) sum = (sum * 31 + letter.charCodeAt(0)) % 9973;
  return sum % kGrounds;
}

export function DishPicture({ sku, small = false }: { sku: string; small?: boolean }) {
  return (
    <span class={`dish-picture ground-${groundOf(sku)}${small ? ' small' : ''}`} aria-hidden="true">
      <svg viewBox="0 0 96 96" focusable="false">{(pictures.get(sku) ?? plate)()}</svg>
    </span>
  );
}
