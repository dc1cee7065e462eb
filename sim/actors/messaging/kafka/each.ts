/**
 * Groups of which every instance is one of its own (`each`): what servers do that all want to hear everything, such as
 * those that hold the connections of players. Written out as so many groups of one member.
 */
import type { StageSettings } from '../../../scenario/settings.ts';
import type { GroupSettings, KafkaSettings } from '../kafka.settings.ts';

export function withEach(own: KafkaSettings, stage: StageSettings): KafkaSettings {
  const groups = own.groups.flatMap((group): GroupSettings[] => {
    if (group.each !== true) return [group];
    const most = instancesOf(stage, group.members);
    return Array.from({ length: most }, (_, i) => ({ ...group, name: `${group.name}#${i + 1}`, instance: i }));
  });
  return { ...own, groups };
}

/** Instances there may be at most. */
function instancesOf(stage: StageSettings, name: string): number {
  const component = stage.components.find((each) => each.name === name);
  const { autoscale } = (component?.own ?? {}) as { autoscale?: { max: number } | null };
  return autoscale?.max ?? component?.instances ?? 0;
}
