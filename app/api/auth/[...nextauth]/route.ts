import type { NextRequest } from 'next/server'
import NextAuth from 'next-auth'
import { authOptions } from '@/lib/access/auth-options'

type Context = { params: Promise<{ nextauth: string[] }> }

// Settings are read at the request, so that a build needs none.
async function handle(request: NextRequest, context: Context): Promise<Response> {
  return NextAuth(request as never, context as never, authOptions()) as Promise<Response>
}

export { handle as GET, handle as POST }
