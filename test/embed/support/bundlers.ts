import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { build } from 'vite';
import webpack from 'webpack';

/** Vite as it is: nothing is configured but where to build. */
export async function buildWithVite(folder: string): Promise<string> {
  const outDir = join(folder, 'dist-vite');
  await build({
    root: folder,
    configFile: false,
    base: './',
    logLevel: 'error',
    build: { outDir, chunkSizeWarningLimit: 1e5 },
  });
  return outDir;
}

/**
 * webpack as it is, with what Cornerstone asks for: its codecs and vtk.js name Node's modules in branches that a browser never takes. The
 * TypeScript of the host is turned into JavaScript beforehand, so that no loader is needed either.
 */
export async function buildWithWebpack(folder: string): Promise<string> {
  const outDir = join(folder, 'dist-webpack');
  const source = join(folder, 'source-webpack');
  ts.sys.createDirectory(source);
  for (const name of readdirSync(folder).filter((file) => /\.tsx?$/.test(file))) {
    const { outputText } = ts.transpileModule(readFileSync(join(folder, name), 'utf8'), {
      fileName: name,
      compilerOptions: { target: ts.ScriptTarget.ES2023, module: ts.ModuleKind.ESNext, jsx: ts.JsxEmit.ReactJSX },
    });
    writeFileSync(
      join(source, name.replace(/\.tsx?$/, '.js')),
      outputText.replace(/from '(\.\/\w+)'/g, "from '$1.js'"),
    );
  }
  const html = readFileSync(join(folder, 'index.html'), 'utf8');
  await new Promise<void>((resolve, reject) => {
    webpack(
      {
        mode: 'production',
        context: folder,
        entry: join(source, 'main.js'),
        output: { path: outDir },
        resolve: { fallback: { fs: false, path: false, url: false } },
        performance: false,
        // Only for time: what is minified resolves the same way.
        optimization: { minimize: false },
      },
      (error, stats) => {
        if (error !== null) reject(error);
        else if (stats?.hasErrors() === true) reject(new Error(stats.toString({ all: false, errors: true })));
        else resolve();
      },
    );
  });
  writeFileSync(join(outDir, 'index.html'), html.replace('type="module" src="./main.ts"', 'defer src="./main.js"'));
  return outDir;
}
