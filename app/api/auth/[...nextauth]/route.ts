import type { NextRequest } from 'next/server'
import NextAuth from 'next-auth'
import { authOptions } from '@/lib/access/auth-options'
import { isForeignHost } from '@/lib/access/foreign-host'
import { env } from '@/lib/env'

type Context = { params: Promise<{ nextauth: string[] }> }

// Settings are read at the request, so that a build needs none.
async function handle(request: NextRequest, context: Context): Promise<Response> {
  const host = request.headers.get('host')
  if (isForeignHost(host, env()))
    return new Response(
      'This name is not the one Crashcart signs people in for. Open it as localhost, or set NEXTAUTH_URL to this address.\n',
      { status: 421, headers: { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' } },
    )
  return NextAuth(request as never, context as never, authOptions()) as Promise<Response>
}

export { handle as GET, handle as POST }
