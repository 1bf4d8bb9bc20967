import * as core from '@cornerstonejs/core';
import dicomImageLoader, { wadouri } from '@cornerstonejs/dicom-image-loader';
import { utilities } from '@cornerstonejs/metadata';
import * as tools from '@cornerstonejs/tools';

/**
 * Cornerstone3D as its own documentation shows it, with nothing of ours: a stack viewport, a scroll tool on the wheel, all images
 * in the cache. The address says how many files there are and how large the pane is: ?files=300&width=800&height=600
 */
const query = new URLSearchParams(location.search);
const [files, width, height] = ['files', 'width', 'height'].map((name) => Number(query.get(name)));

core.init();
tools.init();
dicomImageLoader.init({ maxWebWorkers: 2 });

const element = document.createElement('div');
element.style.cssText = `width: ${width}px; height: ${height}px`;
document.body.style.margin = '0';
document.body.append(element);

const imageIds: string[] = [];
for (let index = 0; index < files!; index += 1) {
  const bytes = await (await fetch(`files/${index}`)).arrayBuffer();
  const imageId = wadouri.fileManager.add(new File([bytes], `${index}.dcm`));
  await utilities.addDicomPart10Instance(imageId, bytes);
  imageIds.push(imageId);
}
for (const imageId of imageIds) await core.imageLoader.loadAndCacheImage(imageId);

const engine = new core.RenderingEngine('plain');
engine.enableElement({ viewportId: 'stack', type: core.Enums.ViewportType.STACK, element });
tools.addTool(tools.StackScrollTool);
const group = tools.ToolGroupManager.createToolGroup('plain')!;
group.addTool('StackScroll');
group.setToolActive('StackScroll', { bindings: [{ mouseButton: tools.Enums.MouseBindings.Wheel }] });
group.addViewport('stack', 'plain');
const viewport = engine.getViewport('stack') as core.Types.IStackViewport;
await viewport.setStack(imageIds, imageIds.length >> 1);
viewport.setProperties({ voiRange: { lower: -160, upper: 240 } });
viewport.render();
document.title = 'ready';
