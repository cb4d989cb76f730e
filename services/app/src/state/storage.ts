// What this device remembers between visits: never a secret. Every access may fail, as in a private window.

export function recall(name: string): string | null {
  try {
    return localStorage.getItem(`quickbite.${name}`);
  } catch {
    return null;
  }
}

export function remember(name: string, value: string | null): void {
  try {
    if (value === null) localStorage.removeItem(`quickbite.${name}`);
    else localStorage.setItem(`quickbite.${name}`, value);
  } catch {
    // It is then known for this visit alone.
  }
}

export function recallJson<T>(name: string, valid: (value: unknown) => value is T): T | null {
  const text = recall(name);
  if (text === null) return null;
  try {
    const value: unknown = JSON.parse(text);
    return valid(value) ? value : null;
  } catch {
    return null;
  }
}

// Another tab has changed it.
export function onRemembered(name: string, then: () => void): void {
  if (typeof addEventListener !== 'function') return;
  addEventListener('storage', (event) => {
    if ((event as StorageEvent).key === `quickbite.${name}`) then();
  });
}
