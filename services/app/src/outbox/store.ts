// Where the outbox's entries are kept: IndexedDB, so that they outlive the tab; memory where a browser allows none.
import { openDB, type DBSchema, type IDBPDatabase } from 'idb';
import type { Change, Entry } from './entry';

export interface Store {
  readonly lasting: boolean; // outlives the tab
  all(): Promise<Entry[]>;
  // Reads, changes and writes in one transaction; what is there afterwards.
  change(key: string, change: Change): Promise<Entry | undefined>;
}

interface Schema extends DBSchema {
  entries: { key: string; value: Entry };
}

class LastingStore implements Store {
  readonly lasting = true;
  constructor(private readonly database: IDBPDatabase<Schema>) {}

  all(): Promise<Entry[]> {
    return this.database.getAll('entries');
  }

  async change(key: string, change: Change): Promise<Entry | undefined> {
    // Strict: an order that was shown as kept is on the disk, also where the battery dies now.
    const transaction = this.database.transaction('entries', 'readwrite', { durability: 'strict' });
    const before = await transaction.store.get(key);
    const after = change(before);
    if (after === undefined) await transaction.store.delete(key);
    else if (after !== before) await transaction.store.put(after, key);
    await transaction.done;
    return after;
  }
}

class FleetingStore implements Store {
  readonly lasting = false;
  private readonly entries = new Map<string, Entry>();

  async all(): Promise<Entry[]> {
    return [...this.entries.values()];
  }

  async change(key: string, change: Change): Promise<Entry | undefined> {
    const after = change(this.entries.get(key));
    if (after === undefined) this.entries.delete(key);
    else this.entries.set(key, after);
    return after;
  }
}

export async function openStore(name = 'quickbite'): Promise<Store> {
  try {
    const database = await openDB<Schema>(name, 1, {
      upgrade: (fresh) => {
        fresh.createObjectStore('entries');
      },
      blocking: (_current, _blocked, event) => (event.target as IDBDatabase).close(),
    });
    return new LastingStore(database);
  } catch {
    return new FleetingStore();
  }
}
