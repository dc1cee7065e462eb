/** The texts of one's own: what was typed or came in a link is kept beside the shipped scenarios while the page is open. */

/** A text that is not the shipped one of its name. */
export interface Draft {
  /** Name of the scenario that it was made from, without ending. */
  name: string;
  text: string;
}

export class Drafts {
  private readonly drafts: Draft[] = [];

  constructor(private readonly catalogue: Record<string, string>) {}

  get all(): readonly Draft[] {
    return this.drafts;
  }

  /** The draft that a text which is opened belongs to, made if need be; null for a shipped one. */
  of(name: string, text: string): Draft | null {
    if (this.isShipped(name, text)) return null;
    const known = this.drafts.find((draft) => draft.name === name && draft.text === text);
    return known ?? this.begin(name, text);
  }

  /** A text after a change of it; null once it is the shipped one again. */
  changed(draft: Draft | null, name: string, text: string): Draft | null {
    if (this.isShipped(name, text)) {
      if (draft !== null) this.drafts.splice(this.drafts.indexOf(draft), 1);
      return null;
    }
    if (draft === null) return this.begin(name, text);
    draft.text = text;
    return draft;
  }

  /** "cache (edited)", and where a scenario was begun upon again "cache (edited 2)". */
  labelOf(draft: Draft): string {
    const alike = this.drafts.filter(({ name }) => name === draft.name);
    const number = alike.length > 1 && draft !== alike[0] ? ` ${alike.indexOf(draft) + 1}` : '';
    if (Object.hasOwn(this.catalogue, draft.name)) return `${labelOf(draft.name)} (edited${number})`;
    return `${draft.name === own ? 'your own' : labelOf(draft.name)}${number}`;
  }

  private isShipped(name: string, text: string): boolean {
    return Object.hasOwn(this.catalogue, name) && this.catalogue[name] === text;
  }

  private begin(name: string, text: string): Draft {
    const draft = { name, text };
    this.drafts.push(draft);
    return draft;
  }
}

/** What links call a scenario that has no name. */
const own = 'scenario';

/** The name of a scenario as the menu says it. */
export function labelOf(name: string): string {
  return name.replaceAll('-', ' ');
}
