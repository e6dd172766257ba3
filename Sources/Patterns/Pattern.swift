/// A regular expression.
package struct Pattern {}
