import { eventTarget } from '@cornerstonejs/core';
import { addTool, Enums, ToolGroupManager } from '@cornerstonejs/tools';
import type { ReadableState, Tool } from '#extension-api';
import { writableState } from '../viewer/state.ts';

const { MouseBindings, Events } = Enums;
type ToolClass = Parameters<typeof addTool>[0];

/** Which tool the primary button has, in the host's own tool groups. */
export interface PrimaryTools {
  readonly active: ReadableState<string>;
  activate(toolName: string): void;
  /** Adds contributed tools to a group: passive, so that what they drew is seen; `enabled` ones only draw. */
  addTo(groupId: string, tools: readonly Tool[], enabled: readonly Tool[]): void;
  dispose(): void;
}

export function createPrimaryTools(): PrimaryTools {
  const groups = new Set<string>();
  const active = writableState('');

  const primaryOf = (groupId: string): string | undefined =>
    ToolGroupManager.getToolGroup(groupId)?.getActivePrimaryMouseButtonTool();
  const look = (): void => active.set([...groups].map(primaryOf).find((name) => name !== undefined) ?? '');
  eventTarget.addEventListener(Events.TOOL_ACTIVATED, look);

  return {
    active,
    activate(toolName) {
      for (const groupId of groups) {
        const group = ToolGroupManager.getToolGroup(groupId);
        if (group?.hasTool(toolName) !== true) continue;
        const before = group.getActivePrimaryMouseButtonTool();
        if (before === toolName) continue;
        const primary = [{ mouseButton: MouseBindings.Primary }];
        // Gives up the primary button alone: other bindings of the same tool stay.
        if (before !== undefined) group.setToolPassive(before);
        group.setToolActive(toolName, { bindings: primary });
      }
      look();
    },
    addTo(groupId, tools, enabled) {
      const group = ToolGroupManager.getToolGroup(groupId);
      if (group === undefined || groups.has(groupId)) return;
      groups.add(groupId);
      for (const { toolName, toolClass, configuration } of [...tools, ...enabled]) {
        // Typed unknown in the API, which is free of Cornerstone.
        addTool(toolClass as ToolClass);
        if (!group.hasTool(toolName)) group.addTool(toolName, { ...configuration });
      }
      for (const { toolName } of tools) group.setToolPassive(toolName);
      for (const { toolName } of enabled) group.setToolEnabled(toolName);
      look();
    },
    dispose() {
      eventTarget.removeEventListener(Events.TOOL_ACTIVATED, look);
      groups.clear();
    },
  };
}
