// The part of the docker command that rr-deploy and the containers' units call, without an engine: images
// are lines of a file, a container is a small server (release.mjs) that behaves as its release should.
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const folder = process.env.RR_FAKE_DOCKER
const path = (name) => join(folder, name)
const read = (name) => (existsSync(path(name)) ? JSON.parse(readFileSync(path(name), 'utf8')) : {})
const save = (name, value) => {
  writeFileSync(path(`.${name}.${process.pid}`), JSON.stringify(value))
  renameSync(path(`.${name}.${process.pid}`), path(name))
}
const fail = (line, code = 1) => {
  console.error(line)
  process.exit(code)
}

const words = process.argv.slice(2)
const options = words.filter((word) => word.startsWith('-'))
const given = (name) =>
  options.find((each) => each.startsWith(`--${name}=`))?.slice(name.length + 3) ??
  (words.includes(`--${name}`) ? words[words.indexOf(`--${name}`) + 1] : undefined)
const images = read('images.json')

/** Values of options that are written apart ("--name x") are no words of their own. */
const APART = ['name', 'network', 'user', 'tmpfs', 'cap-drop', 'security-opt', 'memory', 'env-file']
APART.push('env', 'format', 'username')
const plain = words.filter(
  (word, i) =>
    (word === '-' || !word.startsWith('-')) && !APART.some((name) => words[i - 1] === `--${name}`),
)
const [command, ...rest] = plain

switch (command) {
  case 'image': {
    const [action, tag] = rest
    if (action === 'inspect') {
      const image = images[tag]
      if (!image) fail(`No such image: ${tag}`)
      const format = given('format') ?? ''
      if (format.includes('Labels')) console.log(image.sha)
      else console.log(`sha256:${image.app}-${image.sha}`)
    } else if (action === 'ls') for (const tag of Object.keys(images)) console.log(tag)
    break
  }
  case 'login': {
    const token = readFileSync(0, 'utf8').trim()
    if (token !== read('token.json').token) fail('unauthorized')
    break
  }
  case 'pull': {
    const image = read('registry.json')[rest[0]]
    if (!image) fail('manifest unknown')
    save('images.json', { ...images, [rest[0]]: image })
    break
  }
  case 'tag':
    if (!images[rest[0]]) fail(`No such image: ${rest[0]}`)
    save('images.json', { ...images, [rest[1]]: images[rest[0]] })
    break
  case 'rmi': {
    const { [rest[0]]: _gone, ...left } = images
    save('images.json', left)
    break
  }
  case 'save':
    process.stdout.write(JSON.stringify({ [rest[0]]: images[rest[0]] }))
    break
  case 'load':
    save('images.json', { ...images, ...JSON.parse(readFileSync(0, 'utf8')) })
    break
  case 'update':
    break
  case 'create':
    if (!images[rest[0]]) fail(`No such image: ${rest[0]}`)
    writeFileSync(path(given('name')), rest[0])
    console.log('created')
    break
  case 'cp': {
    // docker cp NAME:PATH -: an archive of the storefront's static files, or of Medusa's list of migrations.
    const [name, from] = rest[0].split(':')
    const { app, sha, migrations } = images[readFileSync(path(name), 'utf8')]
    const files = path('files')
    rmSync(files, { recursive: true, force: true })
    const base = from.split('/').at(-1)
    if (base === 'migrations') {
      mkdirSync(files)
      writeFileSync(join(files, base), `${migrations.join('\n')}\n`)
    } else {
      mkdirSync(join(files, base, 'chunks'), { recursive: true })
      writeFileSync(join(files, base, 'chunks', `${app}-${sha.slice(0, 8)}.js`), sha)
    }
    spawnSync('tar', ['-C', files, '--owner=0', '--group=0', '-cf', '-', base], {
      stdio: ['ignore', 'inherit', 'inherit'],
    })
    break
  }
  case 'rm':
  case 'stop': {
    const pid = read('containers.json')[rest[0]]
    if (pid)
      try {
        process.kill(pid, command === 'rm' ? 'SIGKILL' : 'SIGTERM')
      } catch {
        // It has ended already.
      }
    break
  }
  case 'exec': {
    // docker exec NAME PROGRAM…: with the environment that the container has from its file.
    if (!read('containers.json')[rest[0]]) fail(`No such container: ${rest[0]}`)
    const file = readFileSync(join(process.env.RR_SECRETS, 'medusa.env'), 'utf8')
    const env = Object.fromEntries(
      file
        .trim()
        .split('\n')
        .map((line) => line.split(/=(.*)/)),
    )
    const [program, ...given] = words.slice(words.indexOf(rest[0]) + 1)
    const run = spawnSync(program, given, { stdio: 'inherit', env: { ...process.env, ...env } })
    process.exitCode = run.status ?? 1
    break
  }
  case 'run': {
    const tag = rest[0]
    const image = images[tag]
    if (!image) fail(`Unable to find image '${tag}' locally`, 125)
    const action = rest[1]
    if (action === 'migrate' || action === 'essentials') {
      if (image.behaviour === 'migration-fails' && action === 'migrate') fail('migration failed', 1)
      if (image.behaviour === 'migration-hangs' && action === 'migrate')
        spawnSync('sleep', ['600'], { stdio: 'inherit' })
      writeFileSync(path('migrated'), `${action} ${image.sha}\n`, { flag: 'a' })
      break
    }
    const name = given('name')
    const port =
      options.map((each) => /^--env=PORT=(\d+)$/.exec(each)?.[1]).find((each) => each) ?? ''
    const published = options.map((each) => /^--publish=127\.0\.0\.1:(\d+):/.exec(each)?.[1])
    const child = spawn(
      process.execPath,
      [
        join(import.meta.dirname, 'release.mjs'),
        image.app,
        image.sha,
        image.behaviour,
        published.find((each) => each) ?? port,
        name,
      ],
      { stdio: 'inherit' },
    )
    save('containers.json', { ...read('containers.json'), [name]: child.pid })
    // As the attached client: signals are passed on.
    process.on('SIGTERM', () => child.kill('SIGTERM'))
    process.exitCode = await new Promise((resolve) =>
      child.once('exit', (code) => resolve(code ?? 137)),
    )
    if (options.includes('--rm')) rmSync(path(`${name}.cid`), { force: true })
    break
  }
  default:
    fail(`not known here: docker ${words.join(' ')}`, 64)
}
