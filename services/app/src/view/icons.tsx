// The app's small signs, as outlines in the colour of the text beside them.
import type { ComponentChildren } from 'preact';

function Icon({ children }: { children: ComponentChildren }) {
  return (
    <svg class="icon" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true" focusable="false">
      {children}
    </svg>
  );
}

export const MenuIcon = () => <Icon><path d="M7 3v8a3 3 0 0 1-6 0V3M4 3v18M17 3c-3 1-4 5-4 9h4zM17 12v9" transform="translate(2.5 0)" /></Icon>;
export const BasketIcon = () => <Icon><path d="M3 9h18l-2 11H5zM8 9l3-6M16 9l-3-6M9 13v3M12 13v3M15 13v3" /></Icon>;
export const OrdersIcon = () => <Icon><path d="M6 2h12v20l-3-2-3 2-3-2-3 2zM9.5 7h5M9.5 11h5M9.5 15h3" /></Icon>;
export const YouIcon = () => <Icon><circle cx="12" cy="8" r="4" /><path d="M4 21c1-4 4-6 8-6s7 2 8 6" /></Icon>;
export const PlusIcon = () => <Icon><path d="M12 5v14M5 12h14" /></Icon>;
export const MinusIcon = () => <Icon><path d="M5 12h14" /></Icon>;
export const BinIcon = () => <Icon><path d="M4 7h16M9 7V4h6v3M6 7l1 14h10l1-14M10 11v6M14 11v6" /></Icon>;
export const CheckIcon = () => <Icon><path d="M4 13l5 5L20 6" /></Icon>;
export const CrossIcon = () => <Icon><path d="M6 6l12 12M18 6L6 18" /></Icon>;
export const ClockIcon = () => <Icon><circle cx="12" cy="12" r="9" /><path d="M12 7v5l3 2" /></Icon>;
export const OfflineIcon = () => <Icon><path d="M3 3l18 18M8 16a6 6 0 0 1 7-1M4.5 12.5A11 11 0 0 1 9 9.8M13 9a11 11 0 0 1 6.5 3.5M12 20h.01" /></Icon>;
export const SendIcon = () => <Icon><path d="M21 3L3 11l7 3 3 7zM21 3L10 14" /></Icon>;
export const BackIcon = () => <Icon><path d="M15 5l-7 7 7 7" /></Icon>;
export const ArrowIcon = () => <Icon><path d="M9 5l7 7-7 7" /></Icon>;
export const PulseIcon = () => <Icon><path d="M2 12h5l3-8 4 16 3-8h5" /></Icon>;

export function Logo() {
  return (
    <svg class="logo" viewBox="0 0 64 64" aria-hidden="true" focusable="false">
      <rect width="64" height="64" rx="16" class="logo-ground" />
      <path d="M14 30c0-9 8-14 18-14 4 0 7 .8 10 2.200a7 7 0 0 0 6.500 8.800c.9 1 1.500 2 1.500 3z" fill="#fff" />
      <rect x="13" y="34" width="38" height="6" rx="3" fill="#ffcf8a" />
      <path d="M14 44h36c0 4-3 7-7 7H21c-4 0-7-3-7-7z" fill="#fff" />
    </svg>
  );
}
