import { describe, expect, it } from 'vitest'
import { readCurl } from './curl'

function read(line: string) {
  const command = readCurl(line.split(' '))
  if ('manual' in command) throw new Error(`${line}: ${command.manual}`)
  return command
}

function reason(line: string): string {
  const command = readCurl(line.split(' '))
  return 'manual' in command ? command.manual : 'understood'
}

describe('a curl call', () => {
  it('is a GET without a method, and takes http for granted', () => {
    expect(read('curl web.shop:8080/health')).toEqual({
      program: 'curl',
      method: 'GET',
      url: 'http://web.shop:8080/health',
      headers: {},
    })
  })

  it.each([
    ['curl -X POST http://localhost/x', 'POST'],
    ['curl -XPOST http://localhost/x', 'POST'],
    ['curl --request=delete http://localhost/x', 'DELETE'],
    ['curl http://localhost/x -X put', 'PUT'],
    ['curl -d a=b http://localhost/x', 'POST'],
    ['curl --json {} http://localhost/x', 'POST'],
    ['curl -d a=b -X PATCH http://localhost/x', 'PATCH'],
    ['curl -I http://localhost/x', 'HEAD'],
    ['curl -sI http://localhost/x', 'HEAD'],
    ['curl -sS -f http://localhost/x', 'GET'],
    ['curl -m 5 --retry 3 http://localhost/x', 'GET'],
  ])('%s', (line, method) => {
    expect(read(line)).toMatchObject({ method, url: 'http://localhost/x' })
  })

  it('reads headers by name, in lower case', () => {
    expect(
      readCurl(['curl', '-H', 'Authorization: Bearer <token>', '-H', 'X-A:1', 'http://web']),
    ).toMatchObject({
      headers: { authorization: 'Bearer <token>', 'x-a': '1' },
    })
  })

  it.each([
    ['curl -o out.html http://web', /reads or writes something/],
    ['curl -O http://web/x', /reads or writes something/],
    ['curl -T file http://web', /reads or writes something/],
    ['curl -F a=@file http://web', /reads or writes something/],
    ['curl -u me:secret http://web', /reads or writes something/],
    ['curl -K conf http://web', /reads or writes something/],
    ['curl --output=x http://web', /reads or writes something/],
    ['curl -d @body.json http://web', /local file/],
    ['curl --data-binary @/etc/passwd http://web', /local file/],
    ['curl http://a http://b', /more than one URL/],
    ['curl -s', /no URL/],
    ['curl --proxy http://p http://web', /not understood/],
  ])('%s is manual', (line, why) => {
    expect(reason(line)).toMatch(why)
  })
})
