import * as tools from '@cornerstonejs/tools';
import type { Tool } from '#extension-api';
import { ENGINE_ID } from '../cornerstone.ts';
import type { ViewportSlot } from '../viewer.ts';

const { MouseBindings, KeyboardBindings } = tools.Enums;
type GroupName = (typeof GROUP_NAMES)[number];
const GROUP_NAMES = ['acquisition', 'reformats', 'companion'] as const;
type ToolClass = Parameters<typeof tools.addTool>[0];
type Binding = tools.Types.IToolBinding;

/** What the other mouse buttons do, whichever tool the primary one has. */
const FIXED_BINDINGS: Readonly<Record<string, readonly Binding[]>> = {
  WindowLevel: [{ mouseButton: MouseBindings.Secondary }],
  Pan: [
    { mouseButton: MouseBindings.Auxiliary },
    { mouseButton: MouseBindings.Primary, modifierKey: KeyboardBindings.Ctrl },
  ],
  Zoom: [{ mouseButton: MouseBindings.Wheel, modifierKey: KeyboardBindings.Ctrl }, { numTouchPoints: 2 }],
  StackScroll: [{ mouseButton: MouseBindings.Wheel }],
};

/** One finger, or a pen that speaks as one, does what the primary button does. */
const PRIMARY: readonly Binding[] = [{ mouseButton: MouseBindings.Primary }, { numTouchPoints: 1 }];

export interface OwnTool {
  readonly name: string;
  readonly toolClass: ToolClass;
  /** Whether it works in planes through the volume. */
  readonly reformats: boolean;
  /** Whether it works on a series beside the open one; as in reformats where nothing is said. */
  readonly companion?: boolean;
  readonly configuration?: Readonly<Record<string, unknown>>;
}

/** The tools of all viewports: one group for the acquisition slot, one for reformats, one for a series beside the open one. */
export interface ToolGroups {
  add(tool: OwnTool): void;
  register(contributed: readonly Tool[]): void;
  /** Puts a tool on the primary button; elsewhere, where it does not work, clicks move the crosshair. */
  activate(toolName: string): boolean;
  /** Whether a tool may draw although it is on no button. */
  setEnabled(toolName: string, on: boolean): void;
  worksIn(slot: ViewportSlot, toolName: string): boolean;
  /** Whether it leaves clicks in a slot to the viewer: what an extension brings means drags in reformats. */
  leavesClicks(slot: ViewportSlot, toolName: string): boolean;
  enter(slot: ViewportSlot): void;
  leave(slot: ViewportSlot): void;
}

export function createToolGroups(fallback: string): ToolGroups {
  const groups = { acquisition: group('acquisition'), reformats: group('reformats'), companion: group('companion') };
  let solid: tools.Types.IToolGroup | undefined;
  const members: Record<GroupName, Set<string>> = {
    acquisition: new Set(),
    reformats: new Set(),
    companion: new Set(),
  };
  const draggedAcross = new Set<string>();
  const active: Partial<Record<GroupName, string>> = {};
  const groupOf = (slot: ViewportSlot): GroupName =>
    slot === 'acquisition' || slot === 'companion' ? slot : 'reformats';

  function activateIn(name: GroupName, toolName: string): void {
    const before = active[name];
    if (before === toolName) return;
    // All of them: a tool that keeps one stays active, and would take the next finger.
    if (before !== undefined) groups[name].setToolPassive(before, { removeAllBindings: [...PRIMARY] });
    active[name] = toolName;
    groups[name].setToolActive(toolName, { bindings: [...PRIMARY] });
  }

  return {
    add: ({ name, toolClass, reformats, companion = reformats, configuration }) => {
      tools.addTool(toolClass);
      const works: Record<GroupName, boolean> = { acquisition: true, reformats, companion };
      for (const groupName of GROUP_NAMES) {
        if (!works[groupName]) continue;
        if (members[groupName].has(name)) throw new Error(`The tool ${name} is registered twice`);
        members[groupName].add(name);
        groups[groupName].addTool(name, { ...configuration });
        const fixed = FIXED_BINDINGS[name];
        if (fixed !== undefined) groups[groupName].setToolActive(name, { bindings: [...fixed] });
      }
    },
    register(contributed) {
      for (const { toolName, toolClass, configuration } of contributed) {
        const reformats = configuration?.reformats === true;
        // Typed unknown in the API, which is free of Cornerstone.
        this.add({
          name: toolName,
          toolClass: toolClass as ToolClass,
          reformats,
          companion: false,
          configuration: configuration ?? {},
        });
        groups.acquisition.setToolPassive(toolName);
        if (!reformats) continue;
        groups.reformats.setToolPassive(toolName);
        draggedAcross.add(toolName);
      }
    },
    activate: (toolName) => {
      if (!members.acquisition.has(toolName)) return false;
      activateIn('acquisition', toolName);
      for (const name of ['reformats', 'companion'] as const) {
        activateIn(name, members[name].has(toolName) ? toolName : fallback);
      }
      return true;
    },
    setEnabled: (toolName, on) => {
      for (const name of GROUP_NAMES) {
        if (!members[name].has(toolName) || active[name] === toolName) continue;
        if (on) groups[name].setToolEnabled(toolName);
        else groups[name].setToolDisabled(toolName);
      }
    },
    worksIn: (slot, toolName) => slot === 'solid' || members[groupOf(slot)].has(toolName),
    leavesClicks: (slot, toolName) => groupOf(slot) === 'reformats' && draggedAcross.has(toolName),
    enter: (slot) => {
      if (slot === 'solid') solid ??= solidGroup();
      (slot === 'solid' ? solid : groups[groupOf(slot)])?.addViewport(slot, ENGINE_ID);
    },
    leave: (slot) => (slot === 'solid' ? solid : groups[groupOf(slot)])?.removeViewports(ENGINE_ID, slot),
  };
}

/**
 * The whole volume has hands of its own, whichever tool is in the reader's: it turns, and nothing can be drawn on it. Made when the
 * other tools are there.
 */
function solidGroup(): tools.Types.IToolGroup {
  const made = group('solid');
  tools.addTool(tools.TrackballRotateTool);
  for (const [name, bindings] of [
    [tools.TrackballRotateTool.toolName, [...PRIMARY]],
    [tools.PanTool.toolName, [...(FIXED_BINDINGS.Pan ?? [])]],
    [
      tools.ZoomTool.toolName,
      [{ mouseButton: MouseBindings.Secondary }, { mouseButton: MouseBindings.Wheel }, { numTouchPoints: 2 }],
    ],
  ] as const) {
    made.addTool(name);
    made.setToolActive(name, { bindings: [...bindings] });
  }
  return made;
}

function group(name: GroupName | 'solid'): tools.Types.IToolGroup {
  const made = tools.ToolGroupManager.createToolGroup(name);
  if (made === undefined) throw new Error(`The tool group ${name} exists already`);
  return made;
}
